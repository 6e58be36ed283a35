import { LandedCounts, landedPrefix, type RawObject } from "@penstock/contracts";
import { ObjectMissing, type ObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { dayDigest, partsOfDay } from "./landing-parts.ts";
import type { FeaturesSettings } from "./settings.ts";

/** Whether a day's raw objects are landed as they are now and have no line, or there are none. */
export async function isKnownEmpty(
  day: string,
  objects: readonly RawObject[],
  { store, settings }: { readonly store: Pick<ObjectStore, "getJson">; readonly settings: FeaturesSettings },
): Promise<boolean> {
  const prefix = landedPrefix(day, dayDigest(objects, settings));
  for (const part of partsOfDay(objects, settings.landMaxBytes).keys()) {
    const place = s3Uri(settings.features, `${prefix}part-${part}.json`);
    const told = await store.getJson(place).catch(notLanded);
    // An object that cannot be read is no empty one: its run is to say so.
    const counts = v.safeParse(LandedCounts, told);
    if (!counts.success || counts.output.lines > 0 || Object.keys(counts.output.faults).length > 0)
      return false;
  }
  return true;
}

function notLanded(error: unknown): undefined {
  if (error instanceof ObjectMissing) return undefined;
  throw error;
}
