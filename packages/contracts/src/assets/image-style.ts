import * as v from "valibot";

/** How a picture looks. Each model is told in its own words. */
export const imageStyles = [
  "photographic",
  "cinematic",
  "illustration",
  "flat",
  "sketch",
  "painting",
  "retro",
  "3d",
] as const;

export const ImageStyle = v.pipe(
  v.picklist(imageStyles, `Give one of: ${imageStyles.join(", ")}.`),
  v.description("How the picture looks"),
);
export type ImageStyle = v.InferOutput<typeof ImageStyle>;

/** Width to height. Each model has its own size for each. */
export const aspectRatios = ["1:1", "16:9", "9:16", "4:5", "5:4", "3:2", "2:3", "21:9", "9:21"] as const;

export const AspectRatio = v.pipe(
  v.picklist(aspectRatios, `Give one of: ${aspectRatios.join(", ")}.`),
  v.description("Width to height"),
);
export type AspectRatio = v.InferOutput<typeof AspectRatio>;
