import * as v from "valibot";
import { ImageId } from "../assets/image-id.ts";
import { moment } from "../text/moment.ts";
import { CampaignId, CorrelationId } from "./campaign-id.ts";
import { ContentIdea, PlannedCampaign, WantedImage } from "./draft.ts";
import { CampaignModel, FallbackReason, GenerationMethod, MissingPart } from "./generation.ts";
import { Label } from "./label.ts";
import { CampaignSteps, failureReasons } from "./steps.ts";
import { Video } from "./video.ts";

/** Path under which a campaign is found. */
export function campaignUrl(id: CampaignId): string {
  return `/api/campaign/${id}`;
}

/** A picture that was asked for and is on its way. */
export const CampaignImageAsked = v.strictObject({
  request_id: ImageId,
  ...WantedImage.entries,
  status_url: v.pipe(
    v.string(),
    v.description("Where its state and, once it is drawn, its address is found"),
  ),
});
export type CampaignImageAsked = v.InferOutput<typeof CampaignImageAsked>;

/** The product as the campaign sees it. What may be meant to instruct a model is left out of it. */
export const CampaignProduct = v.strictObject({
  product_id: CampaignId,
  product_name: v.string(),
  product_description: v.nullable(v.string()),
  category: v.nullable(v.string()),
  s3_key: v.pipe(v.string(), v.description("Key of the picture in the bucket of uploads")),
  labels: v.pipe(v.array(Label), v.description("What is seen in the picture, the surest first")),
  videos: v.pipe(v.array(Video), v.description("The most relevant of the videos, at most 5")),
});
export type CampaignProduct = v.InferOutput<typeof CampaignProduct>;

const ids = { campaign_id: CampaignId, correlation_id: CorrelationId };

/** A campaign that is made. */
export const CampaignAnswer = v.strictObject({
  ...ids,
  status: v.literal("completed"),
  generation_method: GenerationMethod,
  fallback_reason: v.nullable(FallbackReason),
  generated_at: moment("When it was made"),
  model: CampaignModel,
  product: CampaignProduct,
  content_ideas: v.array(ContentIdea),
  campaigns: v.array(PlannedCampaign),
  generated_assets: v.strictObject({ images: v.array(CampaignImageAsked) }),
  incomplete: v.pipe(v.array(MissingPart), v.description("What it was made without; empty where nothing is")),
});
export type CampaignAnswer = v.InferOutput<typeof CampaignAnswer>;

/** A campaign that is being made. */
export const CampaignRunning = v.strictObject({
  ...ids,
  status: v.literal("running"),
  status_url: v.pipe(v.string(), v.description("Where it is found, now and when it is made")),
  steps: v.pipe(CampaignSteps, v.description("The steps that have an end")),
});
export type CampaignRunning = v.InferOutput<typeof CampaignRunning>;

/** A campaign that came to nothing. */
export const CampaignFailed = v.strictObject({
  ...ids,
  status: v.literal("failed"),
  reason: v.pipe(v.picklist(failureReasons), v.description("Why there is none")),
});
export type CampaignFailed = v.InferOutput<typeof CampaignFailed>;

/** How a campaign stands. */
export const CampaignState = v.variant("status", [CampaignAnswer, CampaignRunning, CampaignFailed]);
export type CampaignState = v.InferOutput<typeof CampaignState>;
