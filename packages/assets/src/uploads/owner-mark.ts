import { createHash } from "node:crypto";
import type { Subject } from "@penstock/contracts";

/**
 * What stands beside an upload of whose it is: 16 hexadecimal digits of the subject's SHA-256. Programs share a folder, and this
 * keeps each one's own.
 */
export function ownerMark(subject: Subject): string {
  return createHash("sha256").update(subject).digest("hex").slice(0, 16);
}
