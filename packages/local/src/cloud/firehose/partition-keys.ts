import * as v from "valibot";
import type { Jq } from "./jq.ts";

/** A record's partition keys, or why it has none. */
export type Extracted = { readonly keys: Readonly<Record<string, string>> } | { readonly failure: string };

/** jq's wrapper copies all of its output with every byte: much more takes longer again than it saves in calls. */
const RECORDS = 100;

const Line = v.union([
  v.strictObject({ keys: v.array(v.unknown()) }),
  v.strictObject({ failure: v.string() }),
]);

/** Every record by itself, so that one that fails leaves the others alone; one line of output each. */
const filterOf = (query: string) => `
  .[] | (try {value: fromjson} catch null) as $record
  | if $record == null then {failure: "Non JSON record provided"}
    else (try {keys: [$record.value | (${query}
    )]} catch {failure: tostring}) end`;

/** The partition keys of records, in their order: what the query makes of each. */
export async function partitionKeys(jq: Jq, query: string, records: readonly Buffer[]): Promise<Extracted[]> {
  const filter = filterOf(query);
  const extracted: Extracted[] = [];
  for (let from = 0; from < records.length; from += RECORDS) {
    const texts = records.slice(from, from + RECORDS).map((record) => record.toString("utf8"));
    const answer = await jq.run({ input: JSON.stringify(texts), filter });
    const lines = "output" in answer ? answer.output.split("\n") : [];
    extracted.push(
      ...texts.map((_, index) => ("output" in answer ? keysOf(lines[index]) : { failure: answer.failure })),
    );
  }
  return extracted;
}

const scalar = v.union([v.pipe(v.string(), v.minLength(1)), v.number(), v.boolean()]);
const Keys = v.record(v.string(), v.pipe(scalar, v.transform(String)));

/** @param text what the filter gave for one record */
function keysOf(text = "null"): Extracted {
  const line = v.safeParse(Line, JSON.parse(text));
  if (!line.success) return { failure: "jq gave no answer" };
  if ("failure" in line.output) return line.output;
  const [only, ...more] = line.output.keys;
  const keys = v.safeParse(Keys, only);
  return keys.success && more.length === 0
    ? { keys: keys.output }
    : { failure: "partitionKeys values must not be null or empty" };
}
