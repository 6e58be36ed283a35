import * as v from "valibot";
import { AspectRatio, ImageStyle } from "../assets/image-style.ts";
import { VideoId } from "./video.ts";

/** Where a campaign can run. */
export const platforms = [
  "instagram",
  "tiktok",
  "youtube",
  "facebook",
  "x",
  "pinterest",
  "linkedin",
  "whatsapp",
  "line",
  "wechat",
  "email",
  "blog",
] as const;
export const Platform = v.pipe(v.picklist(platforms), v.description("A platform"));
export type Platform = v.InferOutput<typeof Platform>;

const text = (most: number, what: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxCodePoints(most),
    v.description(`${what}, at most ${most} characters`),
  );
const list = <Item extends v.GenericSchema>(item: Item, least: number, most: number, what: string) =>
  v.pipe(v.array(item), v.minLength(least), v.maxLength(most), v.description(`${least} to ${most}: ${what}`));
const market = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/), v.description("Code of a market that is asked for"));
const whole = (least: number, most: number, what: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(what));

/** An idea for one piece of content. */
export const ContentIdea = v.strictObject({
  title: text(120, "Its title"),
  description: text(600, "What it shows and says"),
  market,
  platform: Platform,
  format: v.picklist(["video", "image", "carousel", "story", "text"]),
  video_ids: v.pipe(
    v.array(VideoId),
    v.maxLength(3),
    v.description("Ids of at most 3 of the videos that it learns from, or none"),
  ),
});
export type ContentIdea = v.InferOutput<typeof ContentIdea>;

/** A campaign in one market. */
export const PlannedCampaign = v.strictObject({
  name: text(120, "Its name"),
  market,
  objective: whole(1, 5, "The number of the objective that it serves"),
  audience: text(300, "Whom it is for"),
  message: text(400, "What it says"),
  channels: list(Platform, 1, 6, "platforms that it runs on"),
  calls_to_action: list(text(60, "What people are asked to do"), 1, 3, "calls to action"),
  weeks: whole(1, 12, "How many weeks it runs, 1 to 12"),
  kpis: list(text(80, "What its success is measured by"), 1, 5, "measures of success"),
});
export type PlannedCampaign = v.InferOutput<typeof PlannedCampaign>;

/** A picture that the campaign is to have drawn. */
export const WantedImage = v.strictObject({
  prompt: text(600, "What is to be seen"),
  style: ImageStyle,
  aspect_ratio: AspectRatio,
  purpose: text(120, "What it is for"),
});
export type WantedImage = v.InferOutput<typeof WantedImage>;

/** What a model writes of a campaign: in both tiers this, and nothing else of the answer is its. */
export const CampaignDraft = v.strictObject({
  content_ideas: list(ContentIdea, 3, 12, "ideas for content"),
  campaigns: list(PlannedCampaign, 1, 10, "campaigns, at least one of each market"),
  images: list(WantedImage, 0, 3, "pictures to have drawn"),
});
export type CampaignDraft = v.InferOutput<typeof CampaignDraft>;
