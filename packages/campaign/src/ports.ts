import type { ModelMetrics, TextModel } from "@penstock/runtime/model";
import type { LabelDetector } from "./analyse/label-detector.ts";
import type { VideoCache } from "./enrich/video-cache.ts";
import type { Youtube } from "./enrich/youtube.ts";
import type { ProductRecords } from "./record/product-records.ts";
import type { CampaignSettings } from "./settings.ts";

/** What every task of campaigns works with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface CampaignPorts {
  readonly records: ProductRecords;
  readonly settings: CampaignSettings;
  readonly now: () => Date;
}

/** What the analysis of the picture needs on top. */
export interface AnalysePorts extends CampaignPorts {
  readonly detector: LabelDetector;
}

/** What the search for videos needs on top. */
export interface EnrichPorts extends CampaignPorts {
  /** Undefined where the deployment has no key. */
  readonly youtube: Youtube | undefined;
  readonly cache: VideoCache;
}

/** What the tasks that ask a model need on top. */
export interface ModelPorts extends CampaignPorts {
  readonly model: TextModel;
  readonly metrics: ModelMetrics;
}
