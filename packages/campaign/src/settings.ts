import { ModelSettings } from "@penstock/runtime/model";
import * as v from "valibot";

const name = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What one question may take of the model, a repair of its answer included. */
const QuestionSettings = v.object({
  /** Most tokens, in and out. */
  tokens: count,
  costUsd: v.pipe(v.number(), v.gtValue(0)),
  /** Most tokens of one answer. */
  answerTokens: count,
});
export type QuestionSettings = v.InferOutput<typeof QuestionSettings>;

/** What the deployment links to every task of campaigns as `Campaign`. */
export const CampaignSettings = v.object({
  productsTable: name,
  /** Found videos for a day, and who answered an equal request. */
  cacheTable: name,
  model: ModelSettings,
  market: QuestionSettings,
  synthesis: QuestionSettings,
  labels: v.object({
    /** Most labels of a picture. */
    most: count,
    /** Percent from which on a label counts. */
    confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  }),
  youtube: v.object({
    /** Where the Data API is: `https://www.googleapis.com/youtube/v3`. */
    url: v.pipe(v.string(), v.url()),
    videos: count,
    seconds: count,
    cacheHours: count,
  }),
  images: v.object({
    /** Most pictures that one campaign asks for. */
    mostPerCampaign: count,
    /** How long a picture's record is kept. */
    recordDays: count,
  }),
});
export type CampaignSettings = v.InferOutput<typeof CampaignSettings>;
