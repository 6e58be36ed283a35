import type { AspectRatio, ImageStyle } from "@penstock/contracts";
import * as v from "valibot";
import type { AnsweredImage, ImageAdapter } from "./image-adapter.ts";
import type { Drawing } from "./image-model.ts";

/** Its own styles; one that it has not is said in words. */
const STYLES: Readonly<Record<ImageStyle, { readonly style: string } | { readonly words: string }>> = {
  photographic: { style: "PHOTOREALISM" },
  cinematic: { words: "cinematic still, dramatic light, shallow depth of field" },
  illustration: { style: "GRAPHIC_NOVEL_ILLUSTRATION" },
  flat: { style: "FLAT_VECTOR_ILLUSTRATION" },
  sketch: { style: "DESIGN_SKETCH" },
  painting: { style: "SOFT_DIGITAL_PAINTING" },
  retro: { style: "MIDCENTURY_RETRO" },
  "3d": { style: "3D_ANIMATED_FAMILY_FILM" },
};

/** Width and height: sides of 16 pixels' multiples, together at most 4.19 million. */
const SIZES: Readonly<Record<AspectRatio, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "16:9": [1280, 720],
  "9:16": [720, 1280],
  "4:5": [1024, 1280],
  "5:4": [1280, 1024],
  "3:2": [1248, 832],
  "2:3": [832, 1248],
  "21:9": [1680, 720],
  "9:21": [720, 1680],
};

/** Longest text, in characters; in UTF-16 units, which are the most that anybody counts. */
const LONGEST = 1024;

const Answer = v.object({
  images: v.optional(v.nullable(v.array(v.string())), []),
  /** That the filter of contents kept pictures back. */
  error: v.optional(v.nullable(v.string())),
  offline: v.optional(v.boolean(), false),
});

/** Nova Canvas. Source: https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html */
export const novaCanvas: ImageAdapter = {
  request({ prompt, style, aspectRatio, seed }: Drawing): object {
    const own = STYLES[style];
    const [width, height] = SIZES[aspectRatio];
    return {
      taskType: "TEXT_IMAGE",
      textToImageParams: {
        // The prompt before the style's words: where both are too long, it is the words that are cut.
        text: cut("words" in own ? `${prompt}. ${own.words}` : prompt),
        negativeText: "blurry, low quality",
        ...("style" in own && { style: own.style }),
      },
      imageGenerationConfig: { numberOfImages: 1, quality: "standard", width, height, cfgScale: 7, seed },
    };
  },
  answer(body: unknown): AnsweredImage {
    const parsed = v.safeParse(Answer, body);
    if (!parsed.success) return { answered: "unreadable" };
    const { images, error, offline } = parsed.output;
    const [image] = images ?? [];
    if (image !== undefined) return { answered: "image", base64: image, offline };
    return { answered: error == null ? "unreadable" : "filtered" };
  },
};

/** As much of a text as is taken, in whole characters. */
function cut(text: string): string {
  const short = text.slice(0, LONGEST);
  return short.isWellFormed() ? short : short.slice(0, -1);
}
