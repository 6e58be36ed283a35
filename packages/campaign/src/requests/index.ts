/** What the API does about campaigns: it takes requests, and looks at records. Apart from the package's index: it asks no model. */
export { agentMessage } from "./agent-message.ts";
export { campaignState } from "./campaign-state.ts";
export type { Campaigns, StoredPointer } from "./campaigns.ts";
export { dynamoCampaigns } from "./dynamo-campaigns.ts";
export { fingerprint, type ImageIdentity } from "./fingerprint.ts";
export { type NewCampaign, newCampaign } from "./new-campaign.ts";
export { type NormalisedRequest, normalisedRequest } from "./normalised-request.ts";
