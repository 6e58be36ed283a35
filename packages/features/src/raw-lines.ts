import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip } from "node:zlib";
import type { RawObject } from "@penstock/contracts";
import { inParallel, isS3Uri, ObjectChanged, type ObjectStore, UnsupportedFile } from "@penstock/runtime";
import { siftLines } from "./sift-lines.ts";

/** What is wrong with an object as a whole, by the reason that stands for it in quarantine. */
export const OBJECT_FAULTS = {
  /** Gzip that ends too early: the lines up to there are landed like any, what came after them is not known. */
  cutOff: "object.cut_off",
  /** No gzip, or one that was altered on its way: no line of it is landed, how many it has is not known. */
  unreadable: "object.gzip",
} as const;
export type ObjectFault = (typeof OBJECT_FAULTS)[keyof typeof OBJECT_FAULTS];

/** A raw object as files that DuckDB reads; in `<folder>/object=<n>`, by the number of the object. */
export interface RawLines {
  /** Its plain lines, see {@link siftLines}; undefined for one that is unreadable. */
  readonly plain: string | undefined;
  /** Its other lines; undefined where it has none. */
  readonly others: string | undefined;
  readonly fault: ObjectFault | undefined;
}

/**
 * Brings raw objects down, unpacked and sifted. Gzip is unpacked here and not by DuckDB, which takes one that ends too
 * early for a whole one.
 * @throws ObjectChanged when an object is another one than was planned
 */
export async function fetchLines(
  objects: readonly RawObject[],
  folder: string,
  store: Pick<ObjectStore, "download">,
): Promise<readonly RawLines[]> {
  return inParallel(objects, async ({ uri, etag }, index) => {
    if (!isS3Uri(uri)) throw new UnsupportedFile(`${uri} of the plan is no S3 URI`);
    const place = path.join(folder, `object=${index}`);
    await mkdir(place, { recursive: true });
    const plain = path.join(place, "lines");
    const packed = uri.toLowerCase().endsWith(".gz");
    const target = packed ? path.join(place, "packed") : plain;
    const facts = await store.download(uri, target);
    if (facts.etag !== etag)
      throw new ObjectChanged(`${uri} is no longer the object that was planned; plan the run again`);
    const fault = packed ? await unpack(target, plain) : undefined;
    if (packed) await rm(target);
    if (fault === OBJECT_FAULTS.unreadable) return { plain: undefined, others: undefined, fault };
    const others = path.join(place, "others");
    return { plain, others: (await siftLines(plain, others)) ? others : undefined, fault };
  });
}

/** Writes what there is of a gzip. Of an altered one nobody can say how much of it is right. */
async function unpack(packed: string, file: string): Promise<ObjectFault | undefined> {
  const unpacked = (finishFlush: number) =>
    pipeline(createReadStream(packed), createGunzip({ finishFlush }), createWriteStream(file));
  try {
    await unpacked(constants.Z_FINISH);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("Z_")) throw error;
    if (code !== "Z_BUF_ERROR") return OBJECT_FAULTS.unreadable;
    await unpacked(constants.Z_SYNC_FLUSH);
    return OBJECT_FAULTS.cutOff;
  }
}
