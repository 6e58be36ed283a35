import * as v from "valibot";
import { shownText } from "../text/shown-text.ts";
import { ImageId } from "./image-id.ts";
import { AspectRatio, ImageStyle } from "./image-style.ts";

/** Longest prompt, in characters. Nova Canvas takes 1,024. */
export const PROMPT_LENGTH = 1000;

/** A picture that somebody asks for. */
export const ImageRequest = v.strictObject({
  prompt: shownText("a prompt", PROMPT_LENGTH),
  style: v.optional(ImageStyle, "photographic"),
  aspect_ratio: v.optional(AspectRatio, "1:1"),
});
export type ImageRequest = v.InferOutput<typeof ImageRequest>;

/** That a picture is going to be drawn. */
export const ImageQueued = v.strictObject({
  message: v.literal("Image generation request queued"),
  request_id: ImageId,
  status_url: v.pipe(v.string(), v.description("The path at which to ask how it stands")),
});
export type ImageQueued = v.InferOutput<typeof ImageQueued>;
