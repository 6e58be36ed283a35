import type { Row } from "./population.ts";

/** What must become of something planted. Known when it is planted, without asking the code under test. */
export type Expected =
  /** The row stands in the quarantine object of its raw object, with exactly these rules as its reasons. */
  | { outcome: "quarantined"; rules: readonly string[] }
  /** The row still waits at the end, for exactly these reasons. */
  | { outcome: "pending"; reasons: readonly string[] }
  /** `rows` versions too many of one key: one curated row of that key remains, holding these cells. */
  | { outcome: "duplicate"; rows: number; survivor: Row }
  /** The row is curated, and these cells stand in it as given. */
  | { outcome: "curated"; cells: Row }
  /** The order is, or is not, in the list of violations of this rule over several tables. */
  | { outcome: "violation"; rule: string; listed: boolean }
  /** The file is refused whole, with this reason in its manifest. */
  | { outcome: "refused"; reason: string }
  /** The file is accepted, and its curated object has this many rows. */
  | { outcome: "accepted"; rows: number }
  /** The object comes twice: this many executions end well, and nothing else changes. */
  | { outcome: "again"; executions: number };

/** One planted thing. `object` is the raw key it was put in; `key` holds the columns of the primary key. */
export interface Planted {
  kind: string;
  table: string;
  object: string;
  key: Row;
  expected: Expected;
}

/** Rows of one table, by what becomes of them. */
export interface TableCounts {
  rows_in: number;
  curated: number;
  duplicates: number;
  pending: number;
  quarantined: number;
  by_rule: Record<string, number>;
}

/**
 * What the planted things add up to for one table of `rowsIn` rows: everything that is not planted as
 * something else is curated. A quarantined row counts once, and once under each rule it breaks.
 */
export function expectedCounts(planted: readonly Planted[], table: string, rowsIn: number): TableCounts {
  const counts = { duplicates: 0, pending: 0, quarantined: 0 };
  const byRule = new Map<string, number>();
  for (const { expected } of planted.filter((one) => one.table === table)) {
    if (expected.outcome === "duplicate") counts.duplicates += expected.rows;
    if (expected.outcome === "pending") counts.pending++;
    if (expected.outcome === "quarantined") {
      counts.quarantined++;
      for (const rule of expected.rules) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    }
  }
  return {
    rows_in: rowsIn,
    curated: rowsIn - counts.duplicates - counts.pending - counts.quarantined,
    ...counts,
    by_rule: Object.fromEntries([...byRule].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** How much of each kind was planted, in the unit its outcome counts: rows, orders or files. */
export function plantedByKind(planted: readonly Planted[]): Map<string, number> {
  const byKind = new Map<string, number>();
  for (const { kind, expected } of planted) byKind.set(kind, (byKind.get(kind) ?? 0) + weight(expected));
  return byKind;
}

/** The share of one planted thing in the number of its kind: a key with three versions has two too many. */
export function weight(expected: Expected): number {
  return expected.outcome === "duplicate" ? expected.rows : 1;
}
