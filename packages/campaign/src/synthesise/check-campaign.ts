import {
  type CampaignAnswer,
  CampaignDraft,
  type GenerationMethod,
  type PendingImage,
  type ProductRecord,
  pendingImage,
} from "@penstock/contracts";
import { ModelOutputInvalid } from "@penstock/runtime/errors";
import { AnswerRefused } from "@penstock/runtime/model";
import * as v from "valibot";
import type { CampaignPorts } from "../ports.ts";
import { ownRecord } from "../record/own-record.ts";
import type { CheckCampaignInput } from "../task-inputs.ts";
import { acceptDraft, acceptInPart, groundsOf } from "./accept-draft.ts";
import { campaignOf } from "./campaign-of.ts";
import { missingParts } from "./missing-parts.ts";
import type { DraftInPart } from "./without-faults.ts";

/** A campaign that holds, and the pictures that it asks for: their records, to be put where there are none. */
export interface CheckedCampaign {
  readonly campaign: CampaignAnswer;
  readonly images: readonly PendingImage[];
}

/**
 * Judges a draft, whoever wrote it, and makes the campaign of it. An agent must have looked at all that the sequence looks
 * at, and its draft is in order as a whole, since the sequence comes after it; after the sequence comes nothing.
 * @throws {InvalidInput} for a product of another execution
 * @throws {ModelOutputInvalid} for a draft that does not have its form, cannot be accepted, or was written without the work
 */
export async function checkCampaign(
  input: CheckCampaignInput,
  { records, settings, now }: CampaignPorts,
): Promise<CheckedCampaign> {
  const record = await ownRecord(records, input);
  const { method, model, fallback_reason } = input;
  if (method === "bedrock_agent") requireWork(record);
  const { draft: accepted, missing: taken } = accept(input.draft, record, method);
  const { mostPerCampaign, recordDays } = settings.images;
  const draft = { ...accepted, images: accepted.images.slice(0, mostPerCampaign) };
  const at = now();
  const incomplete = [...missingParts(record, input.missing), ...taken];
  const campaign = campaignOf(record, draft, { method, model, fallback_reason, incomplete, at });
  const images = campaign.generated_assets.images.map(({ request_id, prompt, style, aspect_ratio }) =>
    pendingImage({
      id: request_id,
      user: record.user_id,
      owner: record.key_owner,
      prompt,
      style,
      aspectRatio: aspect_ratio,
      at,
      days: recordDays,
      campaign: record.product_id,
    }),
  );
  return { campaign, images };
}

function accept(draft: unknown, record: ProductRecord, method: GenerationMethod): DraftInPart {
  const parsed = v.safeParse(CampaignDraft, draft);
  if (!parsed.success) {
    const places = parsed.issues.slice(0, 5).map((issue) => `${issue.type} at ${placeOf(issue)}`);
    throw new ModelOutputInvalid(`the draft does not have its form: ${places.join("; ")}`);
  }
  try {
    const grounds = groundsOf(record);
    if (method === "sequential") return acceptInPart(parsed.output, grounds);
    return { draft: acceptDraft(parsed.output, grounds), missing: [] };
  } catch (error) {
    if (error instanceof AnswerRefused)
      throw new ModelOutputInvalid(`the draft cannot be taken: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Where a draft breaks its contract, without a key of its own. */
function placeOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const foreign = issue.type === "strict_object" && issue.expected === "never";
  return (foreign ? path.slice(0, -1) : path).join(".") || "its top";
}

function requireWork({ image_analysis, youtube_data, cultural_data, request }: ProductRecord): void {
  const left = [
    ...(image_analysis === undefined ? ["image_analysis"] : []),
    ...(youtube_data === undefined ? ["data_enrichment"] : []),
    ...request.target_markets
      .filter((market) => cultural_data.market_insights[market] === undefined)
      .map((market) => `cultural_intelligence of ${market}`),
  ];
  if (left.length > 0)
    throw new ModelOutputInvalid(`the agent has written a campaign without ${left.join(", ")}`);
}
