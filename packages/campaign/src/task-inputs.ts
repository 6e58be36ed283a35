import {
  CampaignAnswer,
  CampaignId,
  CampaignModel,
  FallbackReason,
  GenerationMethod,
  ImageId,
  MarketCode,
  MissingPart,
} from "@penstock/contracts";
import * as v from "valibot";

/** The execution's correlation id; `run_id` as with every task. */
const run = { run_id: v.pipe(v.string(), v.minLength(1)), product_id: CampaignId };

/** What the analysis of the picture is given. */
export const AnalyseImageInput = v.strictObject({
  ...run,
  /** How many labels the summary shows; an agent's wish. The record has all of them. */
  max_labels: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)))),
});
export type AnalyseImageInput = v.InferOutput<typeof AnalyseImageInput>;

/** What the search for videos is given. */
export const EnrichDataInput = v.strictObject({
  ...run,
  /** Words for the search; an agent's wish. */
  keywords: v.optional(v.nullable(v.pipe(v.string(), v.maxCodePoints(80)))),
});
export type EnrichDataInput = v.InferOutput<typeof EnrichDataInput>;

/** What the question about a market is given: one of the request's. */
export const UnderstandMarketInput = v.strictObject({ ...run, market: MarketCode });
export type UnderstandMarketInput = v.InferOutput<typeof UnderstandMarketInput>;

/** What the writing of a campaign is given. */
export const SynthesiseCampaignInput = v.strictObject({
  ...run,
  /** The product's record, as DynamoDB gives it. */
  item: v.record(v.string(), v.unknown()),
  /** What the machine had to go on without. */
  missing: v.array(MissingPart),
});
export type SynthesiseCampaignInput = v.InferOutput<typeof SynthesiseCampaignInput>;

/** What the check of a draft is given, whoever wrote it. */
export const CheckCampaignInput = v.strictObject({
  ...run,
  /** What came, of any form. */
  draft: v.unknown(),
  method: GenerationMethod,
  model: CampaignModel,
  /** Null where the agent made it. */
  fallback_reason: v.nullable(FallbackReason),
  missing: v.array(MissingPart),
});
export type CheckCampaignInput = v.InferOutput<typeof CheckCampaignInput>;

/** What the storing of a campaign is given. */
export const StoreCampaignInput = v.strictObject({
  ...run,
  /** As the check gave it. */
  campaign: CampaignAnswer,
  /** The pictures that came into the queue. */
  queued: v.array(ImageId),
  /** What the model took for it in all, the agent's turns included. */
  tokens: v.pipe(v.number(), v.minValue(0)),
  cost_usd: v.pipe(v.number(), v.minValue(0)),
});
export type StoreCampaignInput = v.InferOutput<typeof StoreCampaignInput>;
