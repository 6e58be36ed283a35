import {
  type CampaignAnswer,
  type CampaignDraft,
  type CampaignImageAsked,
  type CampaignModel,
  type CampaignProduct,
  type FallbackReason,
  type GenerationMethod,
  imageStatusUrl,
  type MissingPart,
  type ProductRecord,
} from "@penstock/contracts";
import { cleanText } from "../text/clean-text.ts";
import { imageIdOf } from "./image-ids.ts";

/** Videos that an answer has. */
const VIDEOS = 5;

/** How a campaign was made. */
export interface Making {
  readonly method: GenerationMethod;
  readonly fallback_reason: FallbackReason | null;
  readonly model: CampaignModel;
  readonly incomplete: readonly MissingPart[];
  readonly at: Date;
}

/** The answer: what the model wrote are ideas, campaigns and descriptions of pictures; all else is put in here. */
export function campaignOf(
  record: ProductRecord,
  draft: CampaignDraft,
  { method, fallback_reason, model, incomplete, at }: Making,
): CampaignAnswer {
  return {
    campaign_id: record.product_id,
    correlation_id: record.correlation_id,
    status: "completed",
    generation_method: method,
    fallback_reason,
    generated_at: at.toISOString(),
    model,
    product: productOf(record),
    content_ideas: draft.content_ideas,
    campaigns: draft.campaigns,
    generated_assets: { images: draft.images.map((image, at) => asked(record, image, at)) },
    incomplete: [...incomplete],
  };
}

function asked(
  { correlation_id }: ProductRecord,
  image: CampaignDraft["images"][number],
  number: number,
): CampaignImageAsked {
  const request_id = imageIdOf(correlation_id, number);
  return { request_id, ...image, status_url: imageStatusUrl(request_id) };
}

function productOf(record: ProductRecord): CampaignProduct {
  const { product_id, product_name, product_description, request, s3_key } = record;
  return {
    product_id,
    product_name,
    product_description,
    category: request.category,
    s3_key,
    labels: (record.image_analysis?.labels ?? []).flatMap(({ flagged, ...label }) =>
      flagged ? [] : [label],
    ),
    videos: (record.youtube_data?.videos ?? [])
      .flatMap(({ flagged, ...video }) => (flagged ? [] : [video]))
      .slice(0, VIDEOS)
      .map((video) => {
        // Strangers wrote these, and like to lead people elsewhere in them.
        const channel = cleanText(video.channel_title, 200);
        return {
          ...video,
          title: cleanText(video.title, 200),
          description: cleanText(video.description, 200),
          channel_title: channel,
          channelTitle: channel,
        };
      }),
  };
}
