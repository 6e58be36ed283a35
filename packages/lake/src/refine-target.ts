import { type Contract, contractFor, type PhysicalColumn, resolveSource } from "@penstock/contracts";
import { InvalidInput, type ObjectFacts, ObjectMissing, type ObjectStore, s3Uri } from "@penstock/runtime";
import { refuseChanged } from "./attempt-store.ts";
import { parseRawKey, type RawObject } from "./object-keys.ts";
import { readFooter } from "./parquet-footer.ts";
import type { RefineInput } from "./refine.ts";

/** The object that a refine works on, looked at once more: what was inspected must still be there. */
export interface RefineTarget {
  readonly run_id: string;
  readonly object: RawObject;
  readonly raw: ObjectFacts;
  readonly arrivedAt: Date;
  readonly contract: Contract;
  readonly source: string;
  readonly physical: readonly PhysicalColumn[];
}

/**
 * Finds the object, its contract and its columns. Throws `ObjectMissing`, `ObjectChanged`, `UnsupportedFile`, and
 * `InvalidInput` when table or source are not what Inspect would have answered.
 */
export async function refineTarget(input: RefineInput, store: ObjectStore): Promise<RefineTarget> {
  const uri = s3Uri(input.bucket, input.key);
  const raw = await store.head(uri);
  if (raw === undefined)
    throw new ObjectMissing(`${uri} is not there any more: it was deleted after it was inspected`);
  refuseChanged({ uri, etag: input.etag }, raw);
  const object = parseRawKey(input.key, input.table);
  const contract = contractFor(input.table);
  if (contract === undefined || object === undefined) {
    throw new InvalidInput(
      `there is no contract "${input.table}"; Inspect answers the table to refine ${uri} as`,
    );
  }
  const { columns: physical } = await readFooter(store, raw);
  const resolved = resolveSource(
    contract,
    physical.map(({ name }) => name),
  );
  if (!("source" in resolved) || resolved.source !== input.source) {
    throw new InvalidInput(
      `${uri} does not have the columns of ${input.table} as "${input.source}" has them`,
    );
  }
  const { run_id, source } = input;
  return { run_id, object, raw, arrivedAt: new Date(input.arrived_at), contract, source, physical };
}
