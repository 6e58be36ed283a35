import { resource, type TaskContext } from "@penstock/runtime";
import { clients } from "@penstock/runtime/aws";
import type { CampaignPorts } from "../ports.ts";
import { dynamoProductRecords } from "../record/dynamo-product-records.ts";
import { CampaignSettings } from "../settings.ts";

/** The ports of a task in its Lambda. */
export function campaignPorts({ now }: TaskContext): CampaignPorts {
  const settings = resource("Campaign", CampaignSettings);
  return { records: dynamoProductRecords(clients.dynamo, settings.productsTable), settings, now };
}
