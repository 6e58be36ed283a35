import { dnaCategories, FileName, UserId, What } from "@penstock/contracts";
import { ContractViolation, InvalidInput, type ObjectStore, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"));

/** What is known of one type before any model is asked. */
export const PlannedPersona = v.strictObject({
  type: v.picklist(dnaCategories),
  /** Of the request, by `basisOf`. */
  basis: sha256,
  /** The facts that the model is shown. */
  facts: v.array(
    v.strictObject({ id: count, kind: v.string(), what: What, files: count, occurrences: count }),
  ),
  /** Facts that it is not shown. */
  left_out: count,
  /** What code alone says of the persona. */
  completeness: v.pipe(count, v.maxValue(100)),
  dataPoints: v.array(What),
  sources: v.array(FileName),
  lastUpdated: v.pipe(v.string(), v.isoTimestamp()),
});
export type PlannedPersona = v.InferOutput<typeof PlannedPersona>;

/** What one build of a person's personas goes by, at `personaPlanKey`. */
export const PersonaPlan = v.strictObject({
  contract: v.literal(1),
  user: UserId,
  /** Entity tag of the personas as they were before the documents were looked at; null: there were none. */
  replaces: v.nullable(v.string()),
  /** The types that have facts. */
  personas: v.array(PlannedPersona),
});
export type PersonaPlan = v.InferOutput<typeof PersonaPlan>;

/**
 * The plan of a build of a person's personas.
 * @throws ObjectMissing, ContractViolation when the object is no plan, InvalidInput when it is of another person
 */
export async function readPersonaPlan(
  store: Pick<ObjectStore, "getJson">,
  { plan: uri, user }: { readonly plan: S3Uri; readonly user: string },
): Promise<PersonaPlan> {
  const parsed = v.safeParse(PersonaPlan, await store.getJson(uri));
  if (!parsed.success) throw new ContractViolation(`${uri} is no plan of personas`);
  if (parsed.output.user === user) return parsed.output;
  throw new InvalidInput(`${uri} is the plan of another person than the input's`);
}
