import { csvRows } from "./csv-rows.ts";
import { textPieces, wholeText } from "./object-text.ts";
import { parquetRows } from "./parquet-rows.ts";
import { type S3Calls, textOf } from "./s3-calls.ts";
import { UnreadableItems } from "./unreadable-items.ts";

/** What one object with items is made of. */
export type ObjectFormat =
  /** `pointer` is a JSON pointer to the array inside the file. */
  | { readonly type: "JSON"; readonly pointer: string | undefined }
  | { readonly type: "JSONL" }
  /** Without headers the first row has them. */
  | { readonly type: "CSV"; readonly headers: readonly string[] | undefined; readonly delimiter: string }
  | { readonly type: "PARQUET" };

/** Some items of a dataset, in order, and where they come from as `$states.context.Map.Item.Source` tells it. */
export interface ItemPage {
  /** Undefined for the state's own data. */
  readonly source: string | undefined;
  readonly values: readonly unknown[];
  /** The names of the values, when they are the members of an object. */
  readonly keys?: readonly string[];
}

/** The items in one object, page by page. @throws UnreadableItems */
export async function* objectItems(
  call: S3Calls,
  args: Readonly<Record<string, unknown>>,
  format: ObjectFormat,
): AsyncGenerator<ItemPage> {
  const key = textOf(args, "Key") ?? "";
  const source = `s3://${textOf(args, "Bucket")}/${key}`;
  if (format.type === "JSON") {
    const { Body } = await call("getObject", args);
    yield { source, ...jsonItems(await wholeText(Body, key), format.pointer) };
    return;
  }
  for await (const values of valuesOf(call, args, format)) yield { source, values };
}

async function* valuesOf(
  call: S3Calls,
  args: Readonly<Record<string, unknown>>,
  format: Exclude<ObjectFormat, { readonly type: "JSON" }>,
): AsyncGenerator<readonly unknown[]> {
  if (format.type === "PARQUET") {
    yield* parquetRows(call, args);
    return;
  }
  const key = textOf(args, "Key") ?? "";
  const { Body } = await call("getObject", args);
  if (format.type === "JSONL") yield* jsonLines(textPieces(Body, key));
  else yield* csvItems(textPieces(Body, key), format);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new UnreadableItems(
      `The file is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** The elements of an array, or the members of an object that a pointer leads to. */
function jsonItems(text: string, pointer: string | undefined): Omit<ItemPage, "source"> {
  let value = parsed(text);
  for (const part of (pointer ?? "").split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined;
    if (value === undefined) {
      throw new UnreadableItems(
        "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.",
      );
    }
  }
  if (Array.isArray(value)) return { values: value };
  // AWS was recorded to refuse an object that is the whole file, and documents that it takes one inside of it.
  if (pointer && typeof value === "object" && value !== null)
    return { values: Object.values(value), keys: Object.keys(value) };
  throw new UnreadableItems("Attempting to map over non-iterable node.");
}

async function* jsonLines(pieces: AsyncIterable<string>): AsyncGenerator<readonly unknown[]> {
  let rest = "";
  const valuesIn = (lines: readonly string[]) => lines.filter((line) => line.trim() !== "").map(parsed);
  for await (const piece of pieces) {
    const lines = `${rest}${piece}`.split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield valuesIn(lines);
  }
  yield valuesIn([rest]);
}

/** Each row becomes an object of texts: what a row lacks is empty, what it has too much is dropped. */
async function* csvItems(
  pieces: AsyncIterable<string>,
  { headers, delimiter }: { readonly headers: readonly string[] | undefined; readonly delimiter: string },
): AsyncGenerator<readonly unknown[]> {
  let names = headers;
  if (names !== undefined) refuseDuplicates(names);
  for await (const page of csvRows(pieces, delimiter)) {
    const rows = [...page];
    if (names === undefined) {
      names = rows.shift() ?? [];
      refuseDuplicates(names);
    }
    const columns = names;
    yield rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? ""])));
  }
}

function refuseDuplicates(names: readonly string[]): void {
  if (new Set(names).size !== names.length)
    throw new UnreadableItems("CSV headers cannot contain duplicates.");
}
