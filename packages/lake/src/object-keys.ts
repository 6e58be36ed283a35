import { rowsPrefix } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime";

/** A raw object's place in the layout: whose table it is, and `rest`, what all keys derived from it share. */
export interface RawObject {
  /** As the key or the caller says; whether a contract of that name exists is asked later. */
  readonly table: string;
  /** The part after `<table>-raw/`, or `by-hand/<key>` for a key of another form. */
  readonly rest: string;
}

const rawKey = /^ecommerce\/([^/]+)-raw\/(.+)$/s;

/**
 * Reads `ecommerce/<table>-raw/year=Y/month=M/day=D/<name>.parquet`. An object named by hand may have any key; then
 * `table` must come with it, else the answer is undefined. Throws `InvalidInput` when key and caller name two tables.
 */
export function parseRawKey(key: string, table: string | null): RawObject | undefined {
  const [, named, rest] = rawKey.exec(key) ?? [];
  if (named === undefined || rest === undefined) {
    return table === null ? undefined : { table, rest: `by-hand/${key}` };
  }
  if (table !== null && table !== named) {
    throw new InvalidInput(`the key says table "${named}", the input says "${table}"; leave one out: ${key}`);
  }
  return { table: named, rest };
}

/** Key of the rows that passed every rule, in the curated bucket; equally in the pending bucket. */
export function rowsKey({ table, rest }: RawObject): string {
  return `${rowsPrefix(table)}${parquet(rest)}`;
}

/** Key in the quarantine bucket of the rows that broke a rule. */
export function rejectedKey({ table, rest }: RawObject): string {
  return `rows/${table}/${parquet(rest)}`;
}

/** Key in the quarantine bucket of the rows that waited too long for a parent. */
export function expiredKey({ table, rest }: RawObject): string {
  return `${expiredPrefix(table)}${parquet(rest)}`;
}

/** Prefix of all of a table's expired rows in the quarantine bucket. */
export function expiredPrefix(table: string): string {
  return `expired/${table}/`;
}

/** Key in the quarantine bucket of the manifest that says why a file was refused whole. */
export function manifestKey(key: string): string {
  const inLayout = rawKey.test(key);
  return `files/${inLayout ? key.slice("ecommerce/".length) : `by-hand/${key}`}.json`;
}

/** Key in the audit bucket of the numbers of an object. */
export function metricsKey({ table, rest }: RawObject): string {
  return `${metricsPrefix(table)}${rest}.json`;
}

/** Prefix of all of a table's numbers in the audit bucket. */
export function metricsPrefix(table: string): string {
  return `metrics/${table}/`;
}

/** Key in the audit bucket of what one run read, masked and wrote. */
export function auditKey(workflow: "raw-to-curated" | "reconcile", runId: string): string {
  return `audit/${workflow}/${runId}.json`;
}

/** Prefix in the artifacts bucket of what a run prepares before anything of it is final. */
export function attemptPrefix(runId: string): string {
  return `refine/${runId}/`;
}

/** The lease that guards an object's curated and pending rows. */
export function leaseName({ table, rest }: RawObject): string {
  return `rows/${table}/${parquet(rest)}`;
}

/** The object of a table whose rows lie at `key`, in the curated or pending bucket: the inverse of {@link rowsKey}. */
export function objectOfRows(table: string, key: string): RawObject {
  return { table, rest: key.slice(rowsPrefix(table).length) };
}

function parquet(rest: string): string {
  return rest.endsWith(".parquet") ? rest : `${rest}.parquet`;
}
