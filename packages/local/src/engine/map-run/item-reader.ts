import type { Branch } from "../branch.ts";
import { Interrupted, StateFailure, stateErrors } from "../failures.ts";
import type { Fields } from "../fields.ts";
import type { Clock } from "../ports.ts";
import { parseResource } from "../resource.ts";
import { itemsOfListed, listedObjects } from "./listed-objects.ts";
import { inventoryItems, unloadedItems } from "./manifests.ts";
import { type ItemPage, objectItems } from "./object-items.ts";
import { type Dataset, readerConfig } from "./reader-config.ts";
import { type S3Calls, s3Calls } from "./s3-calls.ts";

const readerFields = new Set(["Resource", "Arguments", "ReaderConfig"]);
/** AWS's quota for the items of one Map Run. */
const maxItems = 100_000_000;

/** Reads the items of a dataset, page by page. @throws StateFailure `States.ItemReaderFailed` */
export type ItemSource = (branch: Branch) => AsyncIterable<ItemPage>;

/** Evaluates the fields of an ItemReader. @throws StateFailure when an expression fails */
export type ItemReader = (branch: Branch) => Promise<ItemSource>;

/** Compiles `ItemReader`. */
export function itemReader(fields: Fields): ItemReader {
  fields.refuseAllBut(readerFields);
  fields.required("Resource");
  const target = parseResource(fields.string("Resource") ?? "");
  const action = target?.kind === "integration" && target.resourceType === "s3" ? target.resource : undefined;
  const known = action === "getObject" || action === "listObjectsV2";
  if (fields.has("Resource") && !known)
    fields.note("The value must name s3:getObject or s3:listObjectsV2", "Resource");
  const template = fields.template("Arguments");
  const config = readerConfig(fields, known ? action : "listObjectsV2");
  return async (branch) => {
    const given = template === undefined ? {} : Object(await branch.evaluate(template));
    const most = (await branch.typed(config.maxItems)) ?? 0;
    return (reading) => readable(reading, given, config.dataset, most);
  };
}

/** The first items of a dataset; 0 means all of them. */
async function* readable(
  branch: Branch,
  given: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  most: number,
): AsyncGenerator<ItemPage> {
  if (most < 0) throw failed("field MaxItems must be positive");
  let left = most === 0 ? maxItems : Math.min(most, maxItems);
  const call = s3Calls(branch, stateErrors.itemReaderFailed);
  try {
    for await (const page of asWork(branch.run.clock, pagesOf(call, given, dataset))) {
      yield page.values.length > left ? { ...page, values: page.values.slice(0, left) } : page;
      left -= page.values.length;
      if (left <= 0) return;
    }
  } catch (thrown) {
    if (thrown instanceof StateFailure || thrown instanceof Interrupted) throw thrown;
    // Whatever else goes wrong is in the object: it cannot be decompressed or parsed, or its bytes stop coming.
    branch.checkpoint();
    throw failed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Waiting for the next page is real work, also while the bytes of an object come; waiting for who takes it is not. */
async function* asWork(clock: Clock, pages: AsyncIterable<ItemPage>): AsyncGenerator<ItemPage> {
  const reading = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const ended = clock.working?.();
      const step = await reading.next().finally(ended);
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    await reading.return?.();
  }
}

function pagesOf(
  call: S3Calls,
  given: Readonly<Record<string, unknown>>,
  dataset: Dataset,
): AsyncIterable<ItemPage> {
  switch (dataset.kind) {
    case "listed":
      return listedObjects(call, given);
    case "itemsOfListed":
      return itemsOfListed(call, given, dataset.format);
    case "object":
      return objectItems(call, given, dataset.format);
    case "inventory":
      return inventoryItems(call, given);
    case "unloaded":
      return unloadedItems(call, given, dataset.format);
  }
}

function failed(cause: string): StateFailure {
  return new StateFailure(stateErrors.itemReaderFailed, cause);
}
