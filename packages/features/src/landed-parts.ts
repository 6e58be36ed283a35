import { type FeaturePlan, LandedCounts, landedPrefix } from "@penstock/contracts";
import { ContractViolation, inParallel, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";

/** A part of a day as it was landed. */
export interface LandedPart {
  readonly day: string;
  readonly digest: string;
  readonly part: number;
  /** How many raw objects it is of; 0 where the plan does not know them, and reads the day as it is current. */
  readonly objects: number;
  readonly counts: LandedCounts;
  /** Its rows; there is no object of a part without any. */
  readonly rows: S3Uri;
}

/** What landing has told of each part of the plan's days, in their order. @throws ObjectMissing when one is not landed */
export async function landedParts(
  { days }: Pick<FeaturePlan, "days">,
  bucket: string,
  store: Pick<ObjectStore, "getJson">,
): Promise<LandedPart[]> {
  const parts = days.flatMap(({ day, digest, parts: all }) =>
    all.map(({ part, objects }) => ({ day, digest, part, objects: objects.length })),
  );
  return inParallel(parts, async ({ day, digest, part, objects }) => {
    const place = `${landedPrefix(day, digest)}part-${part}`;
    const told = v.safeParse(LandedCounts, await store.getJson(s3Uri(bucket, `${place}.json`)));
    if (!told.success) throw new ContractViolation(`${place}.json does not tell what was landed`);
    return { day, digest, part, objects, counts: told.output, rows: s3Uri(bucket, `${place}.parquet`) };
  });
}
