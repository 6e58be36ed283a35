import * as v from "valibot";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const uuid = (what: string) =>
  v.pipe(
    v.string(`Give ${what}, a UUID in small letters.`),
    v.regex(UUID, `Give ${what}, a UUID in small letters.`),
    v.description(`${what.charAt(0).toUpperCase()}${what.slice(1)}: a UUID`),
  );

/** Names a campaign and the product that it is for: the key of its record. */
export const CampaignId = uuid("the campaign's id, as its start answered it");
export type CampaignId = v.InferOutput<typeof CampaignId>;

/** Names the execution that makes a campaign, in answers, headers and logs. */
export const CorrelationId = uuid("the id of the execution that makes the campaign");
export type CorrelationId = v.InferOutput<typeof CorrelationId>;
