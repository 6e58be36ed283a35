import { crc32, inflateRawSync } from "node:zlib";
import type { MemberReason } from "@penstock/contracts";
import { RefusedFile } from "./refused-file.ts";
import type { PackedMember } from "./zip-directory.ts";

const MiB = 1024 * 1024;
/** Bytes that all members of a ZIP have together: as many as the largest file, for all of it is in memory at once. */
const MOST_BYTES = 32 * MiB;
/** How many times as many bytes as it is packed in a member may have, after the first MiB. */
const MOST_RATIO = 200;

/** What came of a member: its bytes, or why there are none. */
export type Inflated =
  | { readonly bytes: Uint8Array; readonly reason?: never }
  | { readonly reason: MemberReason };

/** Inflates the members of one ZIP and counts what comes out, whatever the ZIP says of itself. */
export class Inflation {
  private left = MOST_BYTES;

  /** @throws {RefusedFile} `zip_ratio`, `zip_too_large` for the ZIP as a whole */
  member({ entry, packed }: PackedMember): Inflated {
    if (entry.isEncrypted()) return { reason: "zip_encrypted" };
    if (packed === undefined || (entry.compressionMethod !== 0 && entry.compressionMethod !== 8))
      return { reason: "zip_broken" };
    const byRatio = Math.max(MiB, MOST_RATIO * packed.length);
    const bytes = entry.compressionMethod === 0 ? packed : inflated(packed, Math.min(this.left, byRatio));
    if (bytes === "too_much") throw new RefusedFile(byRatio < this.left ? "zip_ratio" : "zip_too_large");
    if (bytes === undefined) return { reason: "zip_broken" };
    this.left -= bytes.length;
    if (this.left < 0) throw new RefusedFile("zip_too_large");
    // What the directory says of the member must be true: else it is not what its maker packed.
    if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32)
      return { reason: "zip_broken" };
    return { bytes };
  }
}

function inflated(packed: Uint8Array, most: number): Uint8Array | "too_much" | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ERR_BUFFER_TOO_LARGE" ? "too_much" : undefined;
  }
}
