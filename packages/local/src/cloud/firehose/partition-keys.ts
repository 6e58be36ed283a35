import * as v from "valibot";

/** A record's partition keys, or why it has none. */
export type Extracted = { readonly keys: Readonly<Record<string, string>> } | { readonly failure: string };

/** jq copies the rest of its input with every byte that it reads: short inputs take a hundredth of a long one's time. */
const CHUNK_BYTES = 3000;

const Line = v.union([
  v.strictObject({ keys: v.array(v.unknown()) }),
  v.strictObject({ failure: v.string() }),
]);

/** Every record by itself, so that one that fails leaves the others alone; one line of output each. */
const program = (query: string) => `
  .[] | (try {value: fromjson} catch null) as $record
  | if $record == null then {failure: "Non JSON record provided"}
    else (try {keys: [$record.value | (${query}
    )]} catch {failure: tostring}) end`;

/** Loaded with the first query: it is a megabyte of WebAssembly. */
async function jq(input: readonly string[], query: string): Promise<string> {
  const { raw } = await import("jq-wasm");
  return raw(JSON.stringify(input), program(query), ["-c"]);
}

/** Why jq does not take a query; undefined when it does. */
export async function queryFault(query: string): Promise<string | undefined> {
  try {
    await jq([], query);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The partition keys of records, in their order: what the query makes of each. */
export async function partitionKeys(query: string, records: readonly Buffer[]): Promise<Extracted[]> {
  const extracted: Extracted[] = [];
  for (const chunk of chunks(records)) {
    extracted.push(...(await ofChunk(query, chunk)));
    // Whoever else waits for this thread comes first.
    await new Promise(setImmediate);
  }
  return extracted;
}

function chunks(records: readonly Buffer[]): string[][] {
  const made: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    if (bytes + record.length > CHUNK_BYTES) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(record.toString("utf8"));
    bytes += record.length;
  }
  return made;
}

async function ofChunk(query: string, records: readonly string[]): Promise<Extracted[]> {
  const lines = (await jq(records, query)).split("\n");
  return records.map((_, index) => {
    const line = v.parse(Line, JSON.parse(lines[index] ?? "null"));
    return "failure" in line ? line : keysOf(line.keys);
  });
}

const scalar = v.union([v.pipe(v.string(), v.minLength(1)), v.number(), v.boolean()]);

/** @param outputs what the query gave for one record */
function keysOf([only, ...more]: readonly unknown[]): Extracted {
  const keys = v.safeParse(v.record(v.string(), v.pipe(scalar, v.transform(String))), only);
  return keys.success && more.length === 0
    ? { keys: keys.output }
    : { failure: "partitionKeys values must not be null or empty" };
}
