/** Campaigns: a product's picture, videos and markets looked at, and a campaign written from them. */
export { type ToolSpec, toolSpecs } from "./agent/tools.ts";
export { type AnalysedImage, analyseImage } from "./analyse/analyse-image.ts";
export type { DetectedLabel, DetectedLabels, LabelDetector } from "./analyse/label-detector.ts";
export { type UnderstoodMarket, understandMarket } from "./cultural/understand-market.ts";
export { type EnrichedData, enrichData } from "./enrich/enrich-data.ts";
export type { VideoCache } from "./enrich/video-cache.ts";
export type { Youtube } from "./enrich/youtube.ts";
export type { AnalysePorts, CampaignPorts, EnrichPorts, ModelPorts } from "./ports.ts";
export { campaignAgentV1 } from "./prompts/index.ts";
export { dynamoProductRecords } from "./record/dynamo-product-records.ts";
export type { ProductRecords } from "./record/product-records.ts";
export { CampaignSettings } from "./settings.ts";
export { type CheckedCampaign, checkCampaign } from "./synthesise/check-campaign.ts";
export { type StoredCampaign, storeCampaign } from "./synthesise/store-campaign.ts";
export { type SynthesisedCampaign, synthesiseCampaign } from "./synthesise/synthesise-campaign.ts";
export {
  AnalyseImageInput,
  CheckCampaignInput,
  EnrichDataInput,
  StoreCampaignInput,
  SynthesiseCampaignInput,
  UnderstandMarketInput,
} from "./task-inputs.ts";
