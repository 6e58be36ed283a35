import { setTimeout as sleep } from "node:timers/promises";
import { type CampaignId, type CampaignRequest, CampaignState, campaignUrl } from "@penstock/contracts";
import type * as v from "valibot";
import { answered } from "../main-job/answered.ts";
import type { CallApi } from "../main-job/call-api.ts";

/** How often it is asked whether a campaign is made. */
const POLL_MS = 500;

/** Asks for a campaign, and again until it is made or failed. @throws {ApiRefused} */
export async function makeCampaign(
  call: CallApi,
  request: v.InferInput<typeof CampaignRequest>,
  signal: AbortSignal,
): Promise<Exclude<CampaignState, { status: "running" }>> {
  const what = `the campaign for ${request.product.name}`;
  const response = await call("/api/campaign/tier-1", {
    method: "POST",
    body: JSON.stringify(request),
  });
  for (let state = await answered(CampaignState, response, what); ; ) {
    if (state.status !== "running") return state;
    await sleep(POLL_MS, undefined, { signal });
    state = await answered(CampaignState, await call(campaignUrl(state.campaign_id)), what);
  }
}

/** Whether a campaign is there for whoever asks. @throws {ApiRefused} */
export async function seesCampaign(call: CallApi, id: CampaignId): Promise<boolean> {
  const response = await call(campaignUrl(id));
  await response.body?.cancel();
  return response.ok;
}
