import * as v from "valibot";

const name = v.pipe(v.string(), v.nonEmpty());
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

/** How much somebody may do: at most `burst` at once, and `perHour` in the long run. */
export const Rate = v.object({ burst: positive, perHour: positive });
export type Rate = v.InferOutput<typeof Rate>;

/** What a picture must be like to be taken, in pixels. Rekognition's own limits and what a model is not needed for. */
export const PixelLimits = v.object({
  /** Shortest and longest side. */
  side: v.tuple([positive, positive]),
  /** Most of both together. */
  most: positive,
});
export type PixelLimits = v.InferOutput<typeof PixelLimits>;

/** The model that draws. */
export const ImageModelSettings = v.object({
  /** Whose shape of request it takes. */
  adapter: v.picklist(["stability", "nova-canvas"]),
  modelId: name,
  region: name,
  /** Seconds after which an answer is given up. It may have been paid then. */
  seconds: positive,
  /** USD for a picture. */
  priceUsd: v.pipe(v.number(), v.minValue(0)),
});
export type ImageModelSettings = v.InferOutput<typeof ImageModelSettings>;

/** What the deployment links as `Assets`, to the API and to what draws. */
export const AssetsSettings = v.object({
  imagesTable: name,
  limitsTable: name,
  /** Bucket of uploads, and of pictures that were drawn. */
  uploadsBucket: name,
  generatedBucket: name,
  queueUrl: name,
  /** Where the bucket of pictures is served, without a slash at its end: `https://….cloudfront.net`. */
  baseUrl: v.pipe(v.string(), v.url()),
  imageModel: ImageModelSettings,
  /** How long a picture's record is kept. */
  recordDays: positive,
  /** Minutes after which a picture that nobody drew counts as lost. */
  lostMinutes: positive,
  /** Longest that the function draws. */
  functionSeconds: positive,
  /** How often a message is tried before it is a dead letter. */
  receives: positive,
  /** How long a form for an upload holds. */
  uploadSeconds: v.pipe(positive, v.maxValue(3600)),
  /** Most bytes of an upload. */
  uploadBytes: positive,
  pixels: PixelLimits,
  /** Pictures of one user, forms for uploads, and looks at what a picture's bytes are. */
  rates: v.object({ image: Rate, upload: Rate, judge: Rate }),
});
export type AssetsSettings = v.InferOutput<typeof AssetsSettings>;
