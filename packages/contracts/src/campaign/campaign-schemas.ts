import { ImageRecord } from "../assets/image-record.ts";
import { type Kept, keptSchemas } from "../kept-schemas.ts";
import { CampaignAnswer } from "./campaign-answer.ts";
import { CampaignDraft } from "./draft.ts";
import { MarketInsight } from "./insight.ts";
import { ProductRecord } from "./product-record.ts";

/** What is kept about campaigns and pictures, and answered, by the name and version of its contract. */
const kept = {
  campaign_answer: {
    version: 1,
    description: "A campaign that is made, as the API answers it",
    schema: CampaignAnswer,
  },
  campaign_draft: {
    version: 1,
    description: "What a model writes of a campaign",
    schema: CampaignDraft,
  },
  market_insight: {
    version: 1,
    description: "What a model says of a market",
    schema: MarketInsight,
  },
  product_record: {
    version: 1,
    description: "A product in the table products",
    schema: ProductRecord,
  },
  image_record: {
    version: 1,
    description: "A picture in the table generated_images",
    schema: ImageRecord,
  },
} as const satisfies Kept;

/** JSON Schemas (draft 2020-12) by their paths. Which of two letters are codes of markets stays with the contract. */
export const campaignSchemas = () => keptSchemas(kept, ["check", "not_value"]);
