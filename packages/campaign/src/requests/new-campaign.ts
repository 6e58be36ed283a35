import type {
  CampaignId,
  CampaignInput,
  CorrelationId,
  KeyOwner,
  ProductRecord,
  Subject,
} from "@penstock/contracts";
import { agentMessage } from "./agent-message.ts";
import type { NormalisedRequest } from "./normalised-request.ts";

/** What a campaign begins with. */
export interface NewCampaign {
  readonly subject: Subject;
  readonly owner: KeyOwner;
  readonly request: NormalisedRequest;
  /** Where the picture lies. */
  readonly image: { readonly bucket: string; readonly key: string };
  readonly fingerprint: string;
  readonly id: CampaignId;
  readonly correlation: CorrelationId;
  readonly at: Date;
}

/** The record that a campaign begins with, and what its execution is started with. */
export function newCampaign({
  subject,
  owner,
  request: { name, description, asked },
  image,
  fingerprint,
  id,
  correlation,
  at,
}: NewCampaign): { readonly record: ProductRecord; readonly input: CampaignInput } {
  const record: ProductRecord = {
    product_id: id,
    user_id: subject,
    key_owner: owner,
    product_name: name,
    product_description: description,
    s3_bucket: image.bucket,
    s3_key: image.key,
    upload_timestamp: at.toISOString(),
    request: asked,
    fingerprint,
    correlation_id: correlation,
    status: "running",
    steps: {},
    // Markets beside each other each put their own place of it.
    cultural_data: { market_insights: {} },
  };
  return {
    record,
    input: {
      product_id: id,
      correlation_id: correlation,
      user_id: subject,
      key_owner: owner,
      s3_bucket: image.bucket,
      s3_key: image.key,
      markets: asked.target_markets,
      tier: asked.tier,
      message: agentMessage(record),
    },
  };
}
