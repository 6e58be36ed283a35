import { type Entry, fromBufferPromise, getFileNameLowLevel } from "yauzl";
import { RefusedFile } from "./refused-file.ts";

const MOST_MEMBERS = 1000;

/** A member as the directory of a ZIP has it, and where its packed bytes are. */
export interface PackedMember {
  readonly name: string;
  readonly entry: Entry;
  /** Undefined where the directory points at nothing that can be a member. */
  readonly packed: Uint8Array | undefined;
}

/**
 * The members of a ZIP, in the order of its directory.
 * @throws {RefusedFile} when the directory cannot be read, names too many, or members that share bytes
 */
export async function zipDirectory(bytes: Uint8Array): Promise<PackedMember[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members: PackedMember[] = [];
  const taken: { from: number; to: number }[] = [];
  try {
    const zip = await fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false });
    if (zip.entryCount > MOST_MEMBERS) throw new RefusedFile("zip_too_many_members");
    for await (const entry of zip.eachEntry()) {
      const { generalPurposeBitFlag, fileNameRaw, extraFields, compressedSize } = entry;
      const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
      const header = await zip.readLocalFileHeaderPromise(entry, { minimal: true }).catch(() => undefined);
      if (header === undefined) {
        members.push({ name, entry, packed: undefined });
        continue;
      }
      const to = header.fileDataStart + compressedSize;
      taken.push({ from: entry.relativeOffsetOfLocalHeader, to });
      const packed = to <= buffer.length ? buffer.subarray(header.fileDataStart, to) : undefined;
      members.push({ name, entry, packed });
    }
  } catch (error) {
    if (error instanceof RefusedFile) throw error;
    throw new RefusedFile("zip_broken");
  }
  const ordered = taken.toSorted((a, b) => a.from - b.from);
  if (ordered.some(({ from }, at) => from < (ordered[at - 1]?.to ?? 0))) throw new RefusedFile("zip_overlap");
  return members;
}
