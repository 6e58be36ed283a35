import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import { type Fields, isInteger } from "../fields.ts";
import { maxPayloadBytes } from "../payload.ts";

const batcherFields = new Set(["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"]);

/** The input of one child execution. */
export interface ChildInput {
  readonly input: unknown;
  /** How many items it stands for. */
  readonly items: number;
  /** Length of its JSON text. */
  readonly bytes: number;
}

/** Makes the inputs of child executions of items, page by page. */
export type Grouping = (items: AsyncIterable<readonly unknown[]>) => AsyncIterable<readonly ChildInput[]>;

/** Evaluates the fields of an ItemBatcher. @throws StateFailure when an expression fails */
export type ItemBatcher = (branch: Branch) => Promise<Grouping>;

/** Without `ItemBatcher` each item is the input of one child. */
export const oneEach: ItemBatcher = async () =>
  async function* (pages) {
    for await (const page of pages) {
      yield page.map((input) => ({ input, items: 1, bytes: childBytes(jsonBytes(input)) }));
    }
  };

/** Compiles `ItemBatcher`. */
export function itemBatcher(fields: Fields): ItemBatcher {
  fields.refuseAllBut(batcherFields);
  if (!fields.has("MaxItemsPerBatch") && !fields.has("MaxInputBytesPerBatch")) {
    fields.note("One of 'MaxItemsPerBatch' and 'MaxInputBytesPerBatch' is required");
  }
  const maxItems = fields.typed("MaxItemsPerBatch", isPositive, "integer");
  const maxBytes = fields.typed("MaxInputBytesPerBatch", isPositive, "integer");
  const batchInput = fields.template("BatchInput");
  return async (branch) => {
    const most = (await branch.typed(maxItems)) ?? Number.POSITIVE_INFINITY;
    const bytes = Math.min((await branch.typed(maxBytes)) ?? maxPayloadBytes, maxPayloadBytes);
    const shared = batchInput === undefined ? {} : { BatchInput: await branch.evaluate(batchInput) };
    return (pages) => batches(pages, most, bytes, shared);
  };
}

/** As many items as fit into each batch; one that is alone too large is a batch, unless no child could take it. */
async function* batches(
  pages: AsyncIterable<readonly unknown[]>,
  most: number,
  maxBytes: number,
  shared: Readonly<Record<string, unknown>>,
): AsyncGenerator<readonly ChildInput[]> {
  const base = jsonBytes({ ...shared, Items: [] });
  let items: unknown[] = [];
  let size = base;
  const batch = (): ChildInput => ({
    input: { ...shared, Items: items },
    items: items.length,
    bytes: childBytes(size),
  });
  for await (const page of pages) {
    const full: ChildInput[] = [];
    for (const item of page) {
      const bytes = jsonBytes(item);
      if (items.length > 0 && (items.length >= most || size + 1 + bytes > maxBytes)) {
        full.push(batch());
        items = [];
        size = base;
      }
      size += bytes + (items.length === 0 ? 0 : 1);
      items.push(item);
    }
    if (full.length > 0) yield full;
  }
  if (items.length > 0) yield [batch()];
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "null");
}

/** @throws StateFailure when no execution can be started with so much */
function childBytes(bytes: number): number {
  if (bytes <= maxPayloadBytes) return bytes;
  throw new StateFailure(
    stateErrors.dataLimitExceeded,
    `The input of a child execution has ${bytes} bytes, which exceeds the maximum of ${maxPayloadBytes} bytes.`,
  );
}

function isPositive(value: unknown): value is number {
  return isInteger(value) && value > 0;
}
