import type { CampaignAnswer, MissingPart } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime/errors";
import type { CampaignPorts } from "../ports.ts";
import { ownRecord } from "../record/own-record.ts";
import type { StoreCampaignInput } from "../task-inputs.ts";

/** A campaign that is stored, in numbers. */
export interface StoredCampaign {
  readonly status: "completed";
  /** Whether it was stored already: a try whose answer was lost. */
  readonly repeated: boolean;
  readonly method: CampaignAnswer["generation_method"];
  readonly fallback_reason: string | null;
  /** Since it was asked for. */
  readonly seconds: number;
  readonly images: number;
  /** Pictures that did not come into the queue. */
  readonly lost_images: number;
  readonly incomplete: readonly MissingPart[];
}

/**
 * Puts a campaign into its product's record. Pictures that did not come into the queue are left out of it, and told.
 * @throws {InvalidInput} for a campaign of another product or execution, and for a product that has another or has failed
 */
export async function storeCampaign(
  input: Omit<StoreCampaignInput, "tokens" | "cost_usd">,
  { records, now }: CampaignPorts,
): Promise<StoredCampaign> {
  const { campaign, queued, product_id, run_id } = input;
  if (campaign.campaign_id !== product_id || campaign.correlation_id !== run_id)
    throw new InvalidInput(`the campaign is not the one of product ${product_id} and execution ${run_id}`);
  const { upload_timestamp } = await ownRecord(records, input);
  const asked = campaign.generated_assets.images;
  const images = asked.filter(({ request_id }) => queued.includes(request_id));
  const lost: MissingPart[] =
    images.length === asked.length ? [] : [{ step: "images", market: null, reason: "not_queued" }];
  const incomplete = [...campaign.incomplete, ...lost];
  const first = await records.complete(product_id, { ...campaign, generated_assets: { images }, incomplete });
  return {
    status: "completed",
    repeated: !first,
    method: campaign.generation_method,
    fallback_reason: campaign.fallback_reason,
    seconds: Math.max(0, (now().getTime() - Date.parse(upload_timestamp)) / 1000),
    images: images.length,
    lost_images: asked.length - images.length,
    incomplete,
  };
}
