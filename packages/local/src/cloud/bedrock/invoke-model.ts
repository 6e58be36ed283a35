import { createHash } from "node:crypto";
import * as v from "valibot";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";
import { drawOffline } from "./offline-image.ts";

/** What a model that draws is asked, and how its answer is put. */
interface DrawingModel {
  /** @throws {AwsError} ValidationException */
  readonly read: (body: Parameters) => { prompt: string; seed: number; width: number; height: number };
  readonly answer: (base64: string, seed: number) => object;
}

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const text = (least: number, most: number) => v.pipe(v.string(), v.minLength(least), v.maxLength(most));

/** Width and height for each aspect ratio: about 1.5 megapixels in steps of 64 pixels, as Stable Image Core draws. */
const STABILITY_SIZES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["1:1", [1216, 1216]],
  ["16:9", [1664, 896]],
  ["9:16", [896, 1664]],
  ["4:5", [1088, 1344]],
  ["5:4", [1344, 1088]],
  ["3:2", [1472, 1024]],
  ["2:3", [1024, 1472]],
  ["21:9", [1856, 832]],
  ["9:21", [832, 1856]],
]);

const sizeOfRatio = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const size = STABILITY_SIZES.get(dataset.value);
    if (size !== undefined) return size;
    addIssue({ message: "is no aspect ratio that there is" });
    return NEVER;
  }),
);

/** Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-stable-image-core-text-image-request-response.html */
const Stability = v.strictObject({
  prompt: text(1, 10_000),
  negative_prompt: v.optional(text(0, 10_000)),
  mode: v.optional(v.literal("text-to-image")),
  aspect_ratio: v.optional(sizeOfRatio, "1:1"),
  output_format: v.optional(v.literal("png"), "png"),
  seed: v.optional(whole(0, 4_294_967_294), 0),
});

/** Source: https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html */
const side = v.pipe(
  whole(320, 4096),
  v.check((pixels) => pixels % 16 === 0, "is no multiple of 16"),
);
const NovaCanvas = v.strictObject({
  taskType: v.literal("TEXT_IMAGE"),
  textToImageParams: v.strictObject({
    text: text(1, 1024),
    negativeText: v.optional(text(1, 1024)),
    style: v.optional(
      v.picklist([
        "3D_ANIMATED_FAMILY_FILM",
        "DESIGN_SKETCH",
        "FLAT_VECTOR_ILLUSTRATION",
        "GRAPHIC_NOVEL_ILLUSTRATION",
        "MAXIMALISM",
        "MIDCENTURY_RETRO",
        "PHOTOREALISM",
        "SOFT_DIGITAL_PAINTING",
      ]),
    ),
  }),
  imageGenerationConfig: v.optional(
    v.pipe(
      v.strictObject({
        numberOfImages: v.optional(v.literal(1), 1),
        quality: v.optional(v.picklist(["standard", "premium"])),
        width: v.optional(side, 1024),
        height: v.optional(side, 1024),
        cfgScale: v.optional(v.pipe(v.number(), v.minValue(1.1), v.maxValue(10))),
        seed: v.optional(whole(0, 858_993_459), 12),
      }),
      v.check(({ width, height }) => width * height <= 4_194_304, "width and height are too many pixels"),
    ),
    {},
  ),
});

const stability: DrawingModel = {
  read(body) {
    const {
      prompt,
      aspect_ratio: [width, height],
      seed,
    } = parsed(Stability, body);
    // None, or 0, leaves the choice to the model.
    return { prompt, seed: seed === 0 ? seedOf(prompt) : seed, width, height };
  },
  answer: (base64, seed) => ({ seeds: [seed], finish_reasons: [null], images: [base64] }),
};

const novaCanvas: DrawingModel = {
  read(body) {
    const { textToImageParams, imageGenerationConfig } = parsed(NovaCanvas, body);
    const { width, height, seed } = imageGenerationConfig;
    return { prompt: textToImageParams.text, seed, width, height };
  },
  answer: (base64) => ({ images: [base64], error: null }),
};

/** The models that draw here, by how their ids begin after the region of an inference profile. */
const models: readonly (readonly [RegExp, DrawingModel])[] = [
  [/^(?:[a-z-]+\.)?stability\.(?:stable-image-core|stable-image-ultra|sd3-5-large)/, stability],
  [/^(?:[a-z-]+\.)?amazon\.nova-canvas/, novaCanvas],
];

/**
 * InvokeModel of the models that draw: a request of the real form gets a PNG of the real size, which says in the picture, and
 * by `offline: true` beside the answer's own members, that no model drew it.
 * @throws {AwsError} ValidationException for a request that the model would not take; NotImplemented for other models
 */
export async function invokeModel(modelId: string, body: Parameters): Promise<object> {
  const model = models.find(([id]) => id.test(modelId))?.[1];
  if (model === undefined) throw new NotImplemented("bedrock", `InvokeModel of ${modelId}`);
  const { prompt, seed, width, height } = model.read(body);
  const picture = await drawOffline({ prompt, seed, width, height });
  return { ...model.answer(picture.toString("base64"), seed), offline: true };
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, body: Parameters): v.InferOutput<Schema> {
  const read = v.safeParse(schema, body);
  if (read.success) return read.output;
  const [first] = read.issues;
  throw new AwsError(
    "ValidationException",
    `Malformed input request: ${v.getDotPath(first) ?? "the request"}: ${first.message}, please reformat your input and try again.`,
  );
}

/** The same for the same words, from 1. */
function seedOf(prompt: string): number {
  return 1 + (createHash("sha256").update(prompt).digest().readUInt32BE(0) % 4_294_967_294);
}
