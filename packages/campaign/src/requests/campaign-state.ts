import { type CampaignState, campaignUrl, type ProductRecord } from "@penstock/contracts";

/** How a campaign stands, by its record, as the API answers it. */
export function campaignState(record: ProductRecord): CampaignState {
  const ids = { campaign_id: record.product_id, correlation_id: record.correlation_id };
  if (record.status === "completed" && record.campaign !== undefined) return record.campaign.campaign_data;
  if (record.status === "running")
    return { ...ids, status: "running", status_url: campaignUrl(record.product_id), steps: record.steps };
  return { ...ids, status: "failed", reason: record.reason ?? "internal" };
}
