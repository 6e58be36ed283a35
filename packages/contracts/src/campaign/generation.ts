import * as v from "valibot";

/** Who made a campaign: the agent with its tools, or the same tools in sequence. */
export const generationMethods = ["bedrock_agent", "sequential"] as const;
export const GenerationMethod = v.pipe(
  v.picklist(generationMethods),
  v.description("Who made it: the agent with its tools, or the same tools in sequence"),
);
export type GenerationMethod = v.InferOutput<typeof GenerationMethod>;

/** Why tier 1 was left, or not taken: a code of the machine's, or the name of an error. */
export const FallbackReason = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z][A-Za-z0-9_.]{0,99}$/),
  v.description("Why the agent did not make it; null where it did"),
);
export type FallbackReason = v.InferOutput<typeof FallbackReason>;

/** The parts of a campaign that can be missing from it: of the request, of the steps, of what was written, and of the pictures. */
export const campaignParts = [
  "request",
  "image_analysis",
  "data_enrichment",
  "cultural_intelligence",
  "synthesis",
  "images",
] as const;

/** A part that the campaign was made without. */
export const MissingPart = v.strictObject({
  step: v.picklist(campaignParts),
  market: v.nullable(v.string()),
  reason: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z][A-Za-z0-9_.]{0,99}$/),
    v.description("A code, such as no_key or flagged_description, or the name of an error"),
  ),
});
export type MissingPart = v.InferOutput<typeof MissingPart>;

/** The model that wrote a campaign. */
export const CampaignModel = v.strictObject({
  id: v.pipe(v.string(), v.description("The model that wrote it")),
  offline: v.pipe(
    v.boolean(),
    v.description("Whether that is the local cloud's, which knows rules and is no language model"),
  ),
});
export type CampaignModel = v.InferOutput<typeof CampaignModel>;
