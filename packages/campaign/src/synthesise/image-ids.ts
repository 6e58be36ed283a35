import { createHash } from "node:crypto";
import type { CorrelationId, ImageId } from "@penstock/contracts";

/**
 * The id of the picture of that number which an execution asks for: a UUID of its own making (version 8, RFC 9562), the same
 * when the execution is run again, so that nothing is drawn twice.
 */
export function imageIdOf(correlation: CorrelationId, number: number): ImageId {
  const digest = createHash("sha256").update(`${correlation} ${number}`).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
