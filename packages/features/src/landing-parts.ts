import { createHash } from "node:crypto";
import type { RawObject } from "@penstock/contracts";
import type { FeaturesSettings } from "./settings.ts";

/** What landing makes of an object: one more for every change of it, so that days are landed anew. */
const LANDING_VERSION = 2;

/** How much larger lines are than their gzip: these of interactions take an eighth to a tenth. */
const UNPACKED = 8;

/** Stands for the raw objects of a day, whatever else is landed with them. */
export function dayDigest(
  objects: readonly RawObject[],
  { clockSkewMinutes, landMaxBytes }: Pick<FeaturesSettings, "clockSkewMinutes" | "landMaxBytes">,
): string {
  const told = objects.map(({ uri, etag, bytes }) => [uri, etag, bytes]);
  const how = [LANDING_VERSION, clockSkewMinutes, landMaxBytes];
  return createHash("sha256")
    .update(JSON.stringify([how, told]))
    .digest("hex")
    .slice(0, 16);
}

/** A day's objects in parts that are landed together: in order of their keys, each part as large as a slice may be. */
export function partsOfDay(objects: readonly RawObject[], landMaxBytes: number): RawObject[][] {
  return packed(objects, linesBytes, landMaxBytes);
}

/** Puts parts into slices, in their order; which slice each is in. */
export function slicesOf(parts: readonly (readonly RawObject[])[], landMaxBytes: number): number[] {
  const bytes = (objects: readonly RawObject[]) => objects.reduce((sum, one) => sum + linesBytes(one), 0);
  return packed(parts, bytes, landMaxBytes).flatMap((slice, index) => slice.map(() => index));
}

/** Items in their order in as many boxes as it takes; one that is too large for any box has one to itself. */
function packed<Item>(items: readonly Item[], sizeOf: (item: Item) => number, most: number): Item[][] {
  const boxes: Item[][] = [];
  let free = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const box = boxes.at(-1);
    if (box === undefined || size > free) {
      boxes.push([item]);
      free = most - size;
    } else {
      box.push(item);
      free -= size;
    }
  }
  return boxes;
}

/** Bytes of an object's lines, as far as they can be told without reading it. */
export function linesBytes({ uri, bytes }: RawObject): number {
  return uri.toLowerCase().endsWith(".gz") ? bytes * UNPACKED : bytes;
}
