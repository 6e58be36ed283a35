import * as v from "valibot";
import { KeyOwner, Subject } from "../assets/key-owner.ts";
import { CampaignId, CorrelationId } from "./campaign-id.ts";
import { MarketCode } from "./markets.ts";

/** What the machine `campaign` is started with, by the API alone. The execution's name is the correlation id. */
export const CampaignInput = v.strictObject({
  product_id: CampaignId,
  correlation_id: CorrelationId,
  user_id: Subject,
  key_owner: KeyOwner,
  s3_bucket: v.string(),
  s3_key: v.string(),
  markets: v.pipe(v.array(MarketCode), v.minLength(1)),
  tier: v.picklist([1, 2]),
  /** The first turn of the agent's conversation, what people wrote in a fence. */
  message: v.string(),
});
export type CampaignInput = v.InferOutput<typeof CampaignInput>;
