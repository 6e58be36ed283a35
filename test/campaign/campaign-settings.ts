import type { CampaignSettings } from "@penstock/campaign";

/** Settings as a deployment has them, with names of a test's own. */
export const settings: CampaignSettings = {
  productsTable: "products",
  cacheTable: "cache",
  model: {
    provider: "bedrock",
    modelId: "us.amazon.nova-pro-v1:0",
    modelRegion: "us-east-1",
    modelSeconds: 25,
    prices: { input: 0.8, output: 3.2 },
  },
  market: { tokens: 20_000, costUsd: 0.025, answerTokens: 1200 },
  synthesis: { tokens: 40_000, costUsd: 0.1, answerTokens: 4000 },
  labels: { most: 50, confidence: 75 },
  youtube: { url: "https://www.googleapis.com/youtube/v3", videos: 10, seconds: 5, cacheHours: 24 },
  images: { mostPerCampaign: 3, recordDays: 30 },
};
