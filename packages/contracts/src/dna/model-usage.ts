import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A prompt by name and version: `categorise@1`. */
export const PromptName = v.pipe(v.string(), v.regex(/^[a-z][a-z-]*@[1-9]\d*$/, "a prompt's name@version"));

/** Which model was asked, with what, and what it took. */
export const ModelUsage = v.strictObject({
  /** The model that spoke. */
  model: v.string(),
  /** True where rules spoke in a model's place, as on the local cloud. */
  offline: v.boolean(),
  prompt: PromptName,
  /** Calls, repairs among them. */
  calls: count,
  /** Answers that were right only at the second try. */
  repaired: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: v.pipe(v.number(), v.minValue(0)),
});
export type ModelUsage = v.InferOutput<typeof ModelUsage>;
