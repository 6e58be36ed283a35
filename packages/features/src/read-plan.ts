import { FeaturePlan } from "@penstock/contracts";
import { ContractViolation, type ObjectStore, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

/** The plan of a run. @throws ObjectMissing, ContractViolation when the object is no plan */
export async function readPlan(store: Pick<ObjectStore, "getJson">, uri: S3Uri): Promise<FeaturePlan> {
  const parsed = v.safeParse(FeaturePlan, await store.getJson(uri));
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole value").join(", ");
  throw new ContractViolation(`${uri} is no plan of a feature run; these fields do not fit: ${fields}`);
}
