import type {
  CampaignDraft,
  FoundVideo,
  ImageAnalysis,
  KnownInsight,
  ProductRecord,
  YoutubeData,
} from "@penstock/contracts";

export const PRODUCT = "11111111-1111-4111-8111-111111111111";
export const CORRELATION = "22222222-2222-4222-8222-222222222222";
export const SUBJECT = "99999999-9999-4999-8999-999999999999";
export const AT = new Date("2026-11-21T10:00:00.000Z");

/** A product whose campaign has just begun. */
export const begun: ProductRecord = {
  product_id: PRODUCT,
  user_id: SUBJECT,
  key_owner: SUBJECT,
  product_name: "Blue stoneware mug",
  product_description: "Holds 300 ml, fired twice.",
  s3_bucket: "uploads",
  s3_key: `uploads/${SUBJECT}/20261121T095900Z_33333333-3333-4333-8333-333333333333.png`,
  upload_timestamp: "2026-11-21T09:59:58.000Z",
  request: {
    category: "Kitchen",
    objectives: ["Become known", "Sell the new glaze"],
    target_markets: ["DE", "JP"],
    target_audience: "People who drink tea",
    tier: 1,
  },
  fingerprint: "0".repeat(64),
  correlation_id: CORRELATION,
  status: "running",
  steps: {},
  cultural_data: { market_insights: {} },
};

export const run = { run_id: CORRELATION, product_id: PRODUCT };

export const analysis: ImageAnalysis = {
  labels: [
    { name: "Cup", confidence: 99.2, categories: ["Kitchen"], instances: 1, flagged: false },
    { name: "Pottery", confidence: 90, categories: [], instances: 0, flagged: false },
  ],
  model_version: "3.0",
  offline: false,
  analyzed_at: AT.toISOString(),
};

/** A video of the given id, whatever else is said of it. */
export function video(video_id: string, more: Partial<FoundVideo> = {}): FoundVideo {
  return {
    video_id,
    title: `Mug review ${video_id}`,
    channel_title: "Tea channel",
    channelTitle: "Tea channel",
    description: "We drink tea.",
    published_at: "2026-01-01T00:00:00Z",
    thumbnail_url: `https://i.ytimg.com/vi/${video_id}/default.jpg`,
    thumbnailUrl: `https://i.ytimg.com/vi/${video_id}/default.jpg`,
    viewCount: 1200,
    likeCount: 30,
    commentCount: 4,
    relevance_score: 70,
    url: `https://www.youtube.com/watch?v=${video_id}`,
    flagged: false,
    ...more,
  };
}

export const videos: YoutubeData = {
  state: "ok",
  query: "Blue stoneware mug Kitchen review",
  from_cache: false,
  statistics: true,
  videos: [video("aaaaaaaaaaa"), video("bbbbbbbbbbb")],
  enriched_at: AT.toISOString(),
};

export const insight: KnownInsight = {
  preferences: ["Plain shapes"],
  platforms: ["Instagram"],
  content_types: ["Short videos"],
  cultural_notes: "Tea is drunk in company.",
  model: "us.amazon.nova-pro-v1:0",
  offline: false,
};

/** The same product after every step. */
export const known: ProductRecord = {
  ...begun,
  steps: { image_analysis: "done", data_enrichment: "done", cultural_intelligence: "done" },
  image_analysis: analysis,
  youtube_data: videos,
  cultural_data: { market_insights: { DE: insight, JP: insight }, analyzed_at: AT.toISOString() },
};

/** A draft of which nothing is wrong. */
export const draft: CampaignDraft = {
  content_ideas: ["A morning", "A gift", "A shelf"].map((title, at) => ({
    title,
    description: "The mug stands by the window and steams.",
    market: at === 0 ? "JP" : "DE",
    platform: "instagram",
    format: "video",
    video_ids: at === 0 ? ["aaaaaaaaaaa"] : [],
  })),
  campaigns: ["DE", "JP"].map((market, at) => ({
    name: `Tea time ${market}`,
    market,
    objective: at + 1,
    audience: "People who drink tea at home",
    message: "A mug that lasts.",
    channels: ["instagram", "youtube"],
    calls_to_action: ["See the glazes"],
    weeks: 4,
    kpis: ["Visits of the page"],
  })),
  images: [
    {
      prompt: "A blue mug by a window in the morning light",
      style: "photographic",
      aspect_ratio: "1:1",
      purpose: "The post of the first week",
    },
  ],
};
