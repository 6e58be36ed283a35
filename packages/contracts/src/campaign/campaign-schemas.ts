import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { ImageRecord } from "../assets/image-record.ts";
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
} as const satisfies Readonly<
  Record<string, { version: number; description: string; schema: v.GenericSchema }>
>;

/** JSON Schemas (draft 2020-12) by their paths. Which of two letters are codes of markets stays with the contract. */
export function campaignSchemas(): readonly { readonly path: string; readonly schema: JsonSchema }[] {
  return Object.entries(kept).map(([name, { version, description, schema }]) => ({
    path: `schemas/v${version}/${name}.json`,
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...toJsonSchema(schema, {
        target: "draft-2020-12",
        errorMode: "throw",
        ignoreActions: ["check", "not_value"],
        overrideAction: ({ valibotAction, jsonSchema }) => codePoints(valibotAction, jsonSchema),
      }),
      $id: `penstock/v${version}/${name}.json`,
      title: name,
      description,
    },
  }));
}

/** JSON Schema counts code points in its lengths. Source: RFC 8259, 8.3, by JSON Schema Validation, 6.3 */
function codePoints(action: object, schema: JsonSchema): JsonSchema | undefined {
  if (!("type" in action && "requirement" in action) || action.type !== "max_code_points") return undefined;
  return typeof action.requirement === "number" ? { ...schema, maxLength: action.requirement } : undefined;
}
