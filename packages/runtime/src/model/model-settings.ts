import * as v from "valibot";

const name = v.pipe(v.string(), v.nonEmpty());
const usd = v.pipe(v.number(), v.minValue(0));

/** Which model is asked, and what it costs: a part of what a deployment links to who asks one. */
export const ModelSettings = v.object({
  provider: v.picklist(["bedrock", "openai"]),
  /** Bedrock's model or inference profile; with OpenAI the model's name. */
  modelId: name,
  /** Of Bedrock; OpenAI has none. */
  modelRegion: name,
  /** Seconds after which a reply is given up. */
  modelSeconds: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** USD for a million tokens. */
  prices: v.object({ input: usd, output: usd }),
});
export type ModelSettings = v.InferOutput<typeof ModelSettings>;
