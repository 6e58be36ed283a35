import { type Contract, contractFor, contracts, physicalMismatch, resolveSource } from "@penstock/contracts";
import { type ObjectFacts, ObjectMissing, type ObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { type Manifest, manifestOf, type Refusal } from "./manifest.ts";
import { parseRawKey } from "./object-keys.ts";
import { type Footer, readFooter, UnreadableParquet } from "./parquet-footer.ts";
import type { LakeSettings } from "./settings.ts";

/** One raw object, named by an event or by hand. */
export const InspectInput = v.strictObject({
  run_id: v.pipe(v.string(), v.minLength(1)),
  bucket: v.pipe(v.string(), v.minLength(1)),
  key: v.pipe(v.string(), v.minLength(1)),
  /** For keys that are not of the form `ecommerce/<table>-raw/…`. */
  table: v.optional(v.nullable(v.string()), null),
});
export type InspectInput = v.InferOutput<typeof InspectInput>;

/** What is known of an object before a row of it is read, and where it goes from here. */
export interface Inspection {
  readonly route: "lambda" | "glue" | "quarantine";
  readonly table: string | null;
  /** Whose column names the file uses; a key of the contract's `sources`. */
  readonly source: string | null;
  readonly rows: number | null;
  readonly bytes: number;
  readonly etag: string;
  /** When the object was put, ISO 8601 in UTC: rows that wait for a parent count their days from here. */
  readonly arrived_at: string;
  readonly reason: string | null;
  readonly detail: string | null;
  /** Set on route "quarantine": what to put, and where. */
  readonly manifest: Manifest | null;
}

/** More columns than any export of these tables has; the footer of such a file is not worth comparing. */
const MAX_COLUMNS = 256;
/** Names in a refusal, so that notices and records stay short whatever a file calls its columns. */
const NAMES_SHOWN = 20;

/**
 * Looks at one raw object: its table, its footer by ranged reads, its columns against the contract.
 * A file that cannot be refined is an answer, not an error. Throws `ObjectMissing` when the object is not there.
 */
export async function inspect(
  input: InspectInput,
  { store, settings }: { readonly store: ObjectStore; readonly settings: LakeSettings },
): Promise<Inspection> {
  const uri = s3Uri(input.bucket, input.key);
  const object = await store.head(uri);
  if (object === undefined) {
    throw new ObjectMissing(`${uri} is not there: it was deleted after the event, or the key is misspelt`);
  }
  const table = parseRawKey(input.key, input.table)?.table ?? null;
  const seen = await look(store, object, table);
  const facts = { bytes: object.bytes, etag: object.etag, arrived_at: object.lastModified.toISOString() };
  if ("reason" in seen) {
    const { key, run_id: runId } = input;
    return {
      ...facts,
      ...seen,
      route: "quarantine",
      source: null,
      manifest: manifestOf(seen, { object, key, quarantine: settings.quarantine, runId }),
    };
  }
  const route = object.bytes <= settings.lambdaMaxBytes ? "lambda" : "glue";
  return { ...facts, ...seen, route, reason: null, detail: null, manifest: null };
}

interface Refinable {
  readonly table: string;
  readonly source: string;
  readonly rows: number;
}

async function look(
  store: ObjectStore,
  object: ObjectFacts,
  table: string | null,
): Promise<Refinable | Refusal> {
  const contract = table === null ? undefined : contractFor(table);
  if (contract === undefined) {
    const known = Object.keys(contracts).join(", ");
    const detail =
      table === null
        ? `the key names no table; it should be ecommerce/<table>-raw/…, <table> one of ${known}`
        : `there is no contract "${table}"; there are ${known}`;
    return { reason: "UnknownTable", detail, table, rows: null };
  }
  try {
    return compare(contract, await readFooter(store, object));
  } catch (error) {
    if (!(error instanceof UnreadableParquet)) throw error;
    return { reason: error.reason, detail: error.message, table: contract.name, rows: null };
  }
}

function compare(contract: Contract, { rows, columns }: Footer): Refinable | Refusal {
  const table = contract.name;
  if (columns.length > MAX_COLUMNS) {
    const detail = `it has ${columns.length} columns; at most ${MAX_COLUMNS} are looked at`;
    return { reason: "TooManyColumns", detail, table, rows };
  }
  const resolved = resolveSource(
    contract,
    columns.map((column) => column.name),
  );
  if ("mismatch" in resolved) {
    const { missing, extra, nearest } = resolved.mismatch;
    const parts = [named("missing", missing), named("not known", extra)].filter((part) => part !== "");
    return {
      reason: "SchemaMismatch",
      detail: `against source "${nearest}": ${parts.join("; ")}`,
      table,
      rows,
    };
  }
  const wrong = physicalMismatch(contract, resolved.source, columns);
  if (wrong.length > 0) {
    const detail = wrong
      .slice(0, NAMES_SHOWN)
      .map(({ column, expected, found }) => `column "${column}" is ${found}, not ${expected}`)
      .join("; ");
    return { reason: "SchemaMismatch", detail, table, rows };
  }
  return { table, source: resolved.source, rows };
}

/** `missing: a, b`, shortened; column names may be anything, so long ones are cut. */
function named(what: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const shown = names
    .slice(0, NAMES_SHOWN)
    .map((name) => (name.length > 64 ? `${name.slice(0, 64)}…` : name));
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return `${what}: ${shown.join(", ")}${more}`;
}
