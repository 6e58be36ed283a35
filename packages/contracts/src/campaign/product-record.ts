import * as v from "valibot";
import { KeyOwner, Subject } from "../assets/key-owner.ts";
import { CampaignAnswer } from "./campaign-answer.ts";
import { CampaignId, CorrelationId } from "./campaign-id.ts";
import { generationMethods } from "./generation.ts";
import { KnownInsight } from "./insight.ts";
import { ImageAnalysis } from "./label.ts";
import { MarketCode } from "./markets.ts";
import { CampaignSteps, campaignStatuses, failureReasons } from "./steps.ts";
import { YoutubeData } from "./video.ts";

const moment = v.pipe(v.string(), v.isoTimestamp());

/** What was asked for besides the product itself, in the form in which it is used. */
export const AskedCampaign = v.strictObject({
  category: v.nullable(v.string()),
  objectives: v.array(v.string()),
  target_markets: v.pipe(v.array(MarketCode), v.minLength(1)),
  target_audience: v.nullable(v.string()),
  tier: v.picklist([1, 2]),
});
export type AskedCampaign = v.InferOutput<typeof AskedCampaign>;

/** A product in the table `products`: what was asked, what each step found out, and the campaign. */
export const ProductRecord = v.strictObject({
  product_id: CampaignId,
  user_id: Subject,
  /** Whose keys the pictures have: the person, or `anonymous` for a program. */
  key_owner: KeyOwner,
  product_name: v.string(),
  product_description: v.nullable(v.string()),
  s3_bucket: v.string(),
  s3_key: v.string(),
  upload_timestamp: moment,
  request: AskedCampaign,
  /** Of an equal request it is equal: its answer can be given again. */
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  correlation_id: CorrelationId,
  /** ARN of the execution, once it has begun. */
  execution: v.optional(v.string()),
  status: v.picklist(campaignStatuses),
  /** Of one that failed. */
  reason: v.optional(v.picklist(failureReasons)),
  /** Why the agent's campaign was not taken, where it was asked for. */
  fallback_reason: v.optional(v.nullable(v.string())),
  steps: CampaignSteps,
  image_analysis: v.optional(ImageAnalysis),
  youtube_data: v.optional(YoutubeData),
  cultural_data: v.strictObject({
    /** By the market's code. Those whose step was lost are not here. */
    market_insights: v.record(MarketCode, KnownInsight),
    analyzed_at: v.optional(moment),
  }),
  campaign: v.optional(
    v.strictObject({
      correlation_id: CorrelationId,
      generation_method: v.picklist(generationMethods),
      generated_at: moment,
      campaign_data: CampaignAnswer,
    }),
  ),
});
export type ProductRecord = v.InferOutput<typeof ProductRecord>;
