import type { Branch } from "../branch.ts";
import type { MapItem } from "../context.ts";
import { type Fields, isInteger, isObject, type JsonObject } from "../fields.ts";
import type { Limits } from "../map-run/map-run.ts";
import { checkPayload } from "../payload.ts";
import { EvaluationError } from "../template.ts";

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isDataset = (value: unknown): value is unknown[] | JsonObject => isArray(value) || isObject(value);
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
const isPercentage = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= 100;

/** What inline and distributed maps have in common. */
export interface MapFields {
  /** `Items`, or the input of the state. @throws StateFailure when that is no array */
  items(branch: Branch): Promise<readonly unknown[]>;
  /** As `items`, for a distributed map, which takes the members of an object too. */
  dataset(
    branch: Branch,
  ): Promise<{ readonly values: readonly unknown[]; readonly keys?: readonly string[] }>;
  /** Whether there is an `ItemSelector`. */
  readonly selects: boolean;
  /** `ItemSelector` for one item; it sees the input of the Map state, and the item in the context. */
  select(branch: Branch, item: MapItem): Promise<unknown>;
  /** `ItemSelector` for all items. */
  selectAll(branch: Branch, items: readonly unknown[]): Promise<readonly unknown[]>;
  /** `most` is what MaxConcurrency 0 means, and the most that is allowed. */
  limits(branch: Branch, most: number): Promise<Limits & { readonly concurrency: number }>;
}

export function mapFields(fields: Fields, mode: "INLINE" | "DISTRIBUTED"): MapFields {
  const items =
    mode === "INLINE" ? fields.typed("Items", isArray, "array") : fields.typed("Items", isDataset, "array");
  const selector = fields.template("ItemSelector");
  const maxConcurrency = fields.typed("MaxConcurrency", isCount, "integer");
  const count = fields.typed("ToleratedFailureCount", isCount, "integer");
  const percentage = fields.typed("ToleratedFailurePercentage", isPercentage, "number");
  const select = async (branch: Branch, item: MapItem) => {
    if (selector !== undefined) return branch.payload(selector, { item });
    // An item of the state's own input is smaller than that.
    if (items !== undefined) checkPayload(item.value, branch.at?.name ?? "");
    return item.value;
  };
  const given = async (branch: Branch): Promise<unknown> =>
    items === undefined ? branch.input : branch.typed<unknown>(items);
  const noArray = (branch: Branch, found: unknown) => {
    const message = `Map state input must be an array but was: ${JSON.stringify(found)}`;
    return branch.evaluationFailure(new EvaluationError(message));
  };
  return {
    items: async (branch) => {
      const found = await given(branch);
      if (Array.isArray(found)) return found;
      throw noArray(branch, found);
    },
    dataset: async (branch) => {
      const found = await given(branch);
      if (Array.isArray(found)) return { values: found };
      if (isObject(found)) return { values: Object.values(found), keys: Object.keys(found) };
      throw noArray(branch, found);
    },
    selects: selector !== undefined,
    select,
    selectAll: async (branch, items) => {
      if (selector === undefined) return items;
      const selected: unknown[] = [];
      for (const [index, value] of items.entries()) selected.push(await select(branch, { index, value }));
      branch.run.trial?.saw({ selected });
      return selected;
    },
    limits: async (branch, most) => {
      const written = (await branch.typed(maxConcurrency)) ?? 0;
      const tolerance = { count: await branch.typed(count), percentage: await branch.typed(percentage) };
      branch.run.trial?.saw({ maxConcurrency: written, tolerance });
      return { maxConcurrency: written, concurrency: Math.min(written || most, most), tolerance };
    },
  };
}
