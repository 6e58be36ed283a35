import * as v from "valibot";

/** How far a campaign is. */
export const campaignStatuses = ["running", "completed", "failed"] as const;

/** Why there is no campaign: the picture cannot be decoded; the execution ended; anything else. */
export const failureReasons = ["image_unreadable", "interrupted", "internal"] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What became of a step: `done`, or why the campaign went on without it. */
const StepState = v.pipe(v.string(), v.regex(/^(?:done|skipped:[A-Za-z0-9_.]{1,100})$/));

/** The steps that have an end, by name. */
export const CampaignSteps = v.strictObject({
  image_analysis: v.optional(StepState),
  data_enrichment: v.optional(StepState),
  cultural_intelligence: v.optional(StepState),
});
export type CampaignSteps = v.InferOutput<typeof CampaignSteps>;
