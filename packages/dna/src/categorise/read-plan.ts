import { ExportPlan } from "@penstock/contracts";
import { ContractViolation, InvalidInput, type ObjectStore, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

/**
 * The plan of a reading of a person's file.
 * @throws ObjectMissing, ContractViolation when the object is no plan, InvalidInput when it is of another file
 */
export async function readPlan(
  store: Pick<ObjectStore, "getJson">,
  { plan: uri, user, file }: { readonly plan: S3Uri; readonly user: string; readonly file: string },
): Promise<ExportPlan> {
  const parsed = v.safeParse(ExportPlan, await store.getJson(uri));
  if (!parsed.success) {
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole value").join(", ");
    throw new ContractViolation(`${uri} is no plan of a reading; these fields do not fit: ${fields}`);
  }
  if (parsed.output.user === user && parsed.output.file === file) return parsed.output;
  throw new InvalidInput(`${uri} is the plan of another file than the input's`);
}
