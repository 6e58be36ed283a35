import type { Branch } from "../branch.ts";
import { type Fields, isInteger } from "../fields.ts";
import { maxPayloadBytes } from "../payload.ts";

const batcherFields = new Set(["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"]);

/** The input of one child execution, and how many items it stands for. */
export interface ChildInput {
  readonly input: unknown;
  readonly items: number;
}

/** Groups items into the inputs of child executions. */
export type ItemBatcher = (branch: Branch, items: readonly unknown[]) => Promise<readonly ChildInput[]>;

/** Without `ItemBatcher` each item is the input of one child. */
export const oneEach: ItemBatcher = async (_, items) => items.map((input) => ({ input, items: 1 }));

/** Compiles `ItemBatcher`. */
export function itemBatcher(fields: Fields): ItemBatcher {
  fields.only(batcherFields);
  if (!fields.has("MaxItemsPerBatch") && !fields.has("MaxInputBytesPerBatch")) {
    fields.note("One of 'MaxItemsPerBatch' and 'MaxInputBytesPerBatch' is required");
  }
  const maxItems = fields.typed("MaxItemsPerBatch", isPositive, "integer");
  const maxBytes = fields.typed("MaxInputBytesPerBatch", isPositive, "integer");
  const batchInput = fields.template("BatchInput");
  return async (branch, items) => {
    const most = (await branch.typed(maxItems)) ?? Number.POSITIVE_INFINITY;
    const bytes = Math.min((await branch.typed(maxBytes)) ?? maxPayloadBytes, maxPayloadBytes);
    const shared = batchInput === undefined ? {} : { BatchInput: await branch.evaluate(batchInput) };
    const base = Buffer.byteLength(JSON.stringify({ ...shared, Items: [] }));
    const batches: unknown[][] = [];
    let size = 0;
    for (const item of items) {
      const length = Buffer.byteLength(JSON.stringify(item)) + 1;
      const last = batches.at(-1);
      if (last === undefined || last.length >= most || size + length > bytes) {
        batches.push([item]);
        size = base + length;
      } else {
        last.push(item);
        size += length;
      }
    }
    return batches.map((Items) => ({ input: { ...shared, Items }, items: Items.length }));
  };
}

function isPositive(value: unknown): value is number {
  return isInteger(value) && value > 0;
}
