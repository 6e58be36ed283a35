import type { ImageStyle } from "@penstock/contracts";
import * as v from "valibot";
import type { AnsweredImage, ImageAdapter } from "./image-adapter.ts";
import type { Drawing } from "./image-model.ts";

/** On Bedrock the model has no styles of its own: words say it. */
const STYLES: Readonly<Record<ImageStyle, string>> = {
  photographic: "photograph, natural light, sharp focus",
  cinematic: "cinematic still, dramatic light, shallow depth of field",
  illustration: "digital illustration, clear outlines",
  flat: "flat vector illustration, plain colours",
  sketch: "pencil sketch on paper",
  painting: "painting, soft brush strokes",
  retro: "mid-century retro poster, muted colours",
  "3d": "3D render, soft studio light",
};

const Answer = v.object({
  finish_reasons: v.optional(v.array(v.nullable(v.string())), []),
  images: v.optional(v.array(v.string()), []),
  offline: v.optional(v.boolean(), false),
});

/**
 * Stability's models on Bedrock: Stable Image Core, and Stable Diffusion 3.5 with the same members.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-stable-image-core-text-image-request-response.html
 */
export const stability: ImageAdapter = {
  request({ prompt, style, aspectRatio, seed }: Drawing): object {
    return {
      prompt: `${prompt}. ${STYLES[style]}`,
      negative_prompt: "blurry, low quality, watermark",
      aspect_ratio: aspectRatio,
      output_format: "png",
      seed,
    };
  },
  answer(body: unknown): AnsweredImage {
    const parsed = v.safeParse(Answer, body);
    if (!parsed.success) return { answered: "unreadable" };
    const {
      finish_reasons: [reason = null],
      images: [image],
      offline,
    } = parsed.output;
    if (reason?.startsWith("Filter reason")) return { answered: "filtered" };
    if (reason !== null || image === undefined) return { answered: "unreadable" };
    return { answered: "image", base64: image, offline };
  },
};
