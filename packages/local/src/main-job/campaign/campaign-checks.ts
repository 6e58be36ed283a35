import { type Check, check } from "../balance.ts";
import type { MadeCampaign, SampleCampaigns } from "./sample-campaigns.ts";

const METHODS = { 1: "bedrock_agent", 2: "sequential" } as const;

/** What must hold of the sample's campaigns and pictures. */
export function campaignChecks({ made, pictures, strange }: SampleCampaigns): Check[] {
  return [
    check("campaigns", made.flatMap(faults), `${made.length} complete, each by the tier that was asked`),
    check(
      "pictures",
      pictures.flatMap(({ status, fault }) =>
        fault === undefined ? [] : [`${status.request_id}: ${fault}`],
      ),
      `${pictures.length} drawn, each at its address a PNG of its form`,
    ),
    check(
      "campaigns of others",
      strange.map((what) => `somebody else sees ${what}`),
      "nobody sees what is somebody else's",
    ),
  ];
}

/** What is wrong with a campaign. */
export function faults({ tier, state }: MadeCampaign): string[] {
  if (state.status === "failed") return [`tier ${tier} failed: ${state.reason}`];
  const { generation_method: method, fallback_reason: reason, incomplete } = state;
  return [
    ...(method === METHODS[tier] ? [] : [`tier ${tier} was made by ${method} (${reason})`]),
    ...incomplete.map(({ step, market, reason: why }) =>
      [`tier ${tier} is without ${step}`, ...(market === null ? [] : [`of ${market}`]), `(${why})`].join(" "),
    ),
  ];
}
