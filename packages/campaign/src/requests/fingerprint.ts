import { createHash } from "node:crypto";
import type { Subject } from "@penstock/contracts";
import { promptId } from "@penstock/runtime/model";
import { campaignPrompts } from "../prompts/index.ts";
import type { NormalisedRequest } from "./normalised-request.ts";

/** Version of the answer's contract: of another one nothing stored is answered. */
const CONTRACT = 1;

/** Which picture: one within a request by its bytes, an upload by its id and what S3 says its content is. */
export type ImageIdentity =
  | { readonly sha256: string }
  | { readonly upload_id: string; readonly etag: string };

/** What equal requests of one caller have in common, and no other: a digest, 64 hex digits. */
export function fingerprint(
  subject: Subject,
  { name, description, asked }: NormalisedRequest,
  image: ImageIdentity,
  modelId: string,
): string {
  const picture = "sha256" in image ? ["bytes", image.sha256] : ["upload", image.upload_id, image.etag];
  const { category, objectives, target_markets, target_audience, tier } = asked;
  const parts = [
    subject,
    [name, description, category],
    objectives,
    target_markets,
    target_audience,
    tier,
    picture,
    campaignPrompts.map(promptId),
    modelId,
    CONTRACT,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
