import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type CampaignId, ProductRecord, type YoutubeData } from "@penstock/contracts";
import { conditionHeld, fromAws } from "@penstock/runtime/aws";
import { ContractViolation, InvalidInput } from "@penstock/runtime/errors";
import * as v from "valibot";
import { lostSteps } from "./lost-steps.ts";
import type { ProductRecords } from "./product-records.ts";

/** What an update puts, by the names that its expression has for it. */
interface Update {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** On top of that the product is there. */
  readonly condition?: string;
}

/** The records of products in a table of DynamoDB. */
export function dynamoProductRecords(dynamo: DynamoDBClient, table: string): ProductRecords {
  const client = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  const about = `products of ${table}`;
  const failed = fromAws(about);

  async function found(id: CampaignId): Promise<ProductRecord | undefined> {
    const { Item } = await client
      .send(new GetCommand({ TableName: table, Key: { product_id: id }, ConsistentRead: true }))
      .catch(failed);
    if (Item === undefined) return undefined;
    const parsed = v.safeParse(ProductRecord, Item);
    if (parsed.success) return parsed.output;
    throw new ContractViolation(`the item of product ${id} in ${table} does not have its shape`);
  }

  /** Whether the update's condition held. */
  async function update(id: CampaignId, { expression, names, values, condition }: Update): Promise<boolean> {
    const conditions = ["attribute_exists(product_id)", ...(condition === undefined ? [] : [condition])];
    return conditionHeld(
      about,
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { product_id: id },
          UpdateExpression: expression,
          ConditionExpression: conditions.join(" AND "),
          ExpressionAttributeValues: { ...values },
          ...(names !== undefined && { ExpressionAttributeNames: { ...names } }),
        }),
      ),
    );
  }

  async function put(id: CampaignId, what: Update): Promise<void> {
    if (!(await update(id, what))) throw missing(id);
  }

  const missing = (id: CampaignId) => new InvalidInput(`there is no product ${id} in ${table}`);

  return {
    async read(id) {
      const record = await found(id);
      if (record === undefined) throw missing(id);
      return record;
    },

    putImageAnalysis: (id, analysis) =>
      put(id, {
        expression: "SET image_analysis = :part, #steps.image_analysis = :done",
        names: { "#steps": "steps" },
        values: { ":part": analysis, ":done": "done" },
      }),

    putYoutubeData: (id, data) =>
      put(id, {
        expression: "SET youtube_data = :part, #steps.data_enrichment = :state",
        names: { "#steps": "steps" },
        values: { ":part": data, ":state": stepOf(data) },
      }),

    async putInsight(id, market, insight, at) {
      await put(id, {
        expression: "SET cultural_data.market_insights.#market = :part, cultural_data.analyzed_at = :at",
        names: { "#market": market },
        values: { ":part": insight, ":at": at },
      });
      // Markets beside each other: whoever writes last sees all of them.
      const { cultural_data, request } = await this.read(id);
      if (request.target_markets.some((code) => cultural_data.market_insights[code] === undefined)) return;
      await update(id, {
        expression: "SET #steps.cultural_intelligence = :done",
        names: { "#steps": "steps", "#status": "status" },
        values: { ":done": "done", ":running": "running" },
        condition: "#status = :running",
      });
    },

    async complete(id, campaign) {
      const { correlation_id, generation_method, generated_at } = campaign;
      const lost = Object.entries(lostSteps(campaign.incomplete));
      const done = await update(id, {
        expression: [
          "SET campaign = :campaign, #status = :completed",
          ...lost.map(([step]) => `#steps.${step} = :${step}`),
        ].join(", "),
        names: { "#status": "status", ...(lost.length > 0 && { "#steps": "steps" }) },
        values: {
          ":campaign": { correlation_id, generation_method, generated_at, campaign_data: campaign },
          ":completed": "completed",
          ":running": "running",
          ...Object.fromEntries(lost.map(([step, state]) => [`:${step}`, state])),
        },
        condition: "#status = :running",
      });
      if (done) return true;
      const record = await found(id);
      if (record?.campaign?.correlation_id !== correlation_id)
        throw new InvalidInput(`product ${id} is not there, has failed, or has another campaign`);
      return false;
    },
  };
}

function stepOf({ state }: YoutubeData): string {
  return state === "ok" ? "done" : `skipped:${state}`;
}
