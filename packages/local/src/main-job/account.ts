import type { TableCounts } from "../sample/ledger.ts";

/** One raw object as it stands in the bucket. */
export interface RawObject {
  key: string;
  /** The table that its key names; null for a key of another form. */
  table: string | null;
  /** From the footer; null where there is none to read. */
  rows: number | null;
}

/** A file refused whole, from its manifest. */
export interface RefusedFile {
  key: string;
  table: string | null;
  reason: string;
  detail: string;
  rows: number | null;
}

/** One row of quarantine or pending, by what identifies it there. */
export interface ReasonedRow {
  table: string;
  rest: string;
  /** Values of the primary key as text, joined. */
  key: string;
  reasons: readonly string[];
}

/**
 * What was counted in the objects that a run left behind, by reading them again: the account that the
 * balances, the findings and the report are made from.
 */
export interface Account {
  raw: RawObject[];
  refused: RefusedFile[];
  /** Rows by table from the Parquet footers. */
  curated: Map<string, number>;
  /** Rows of each curated object, by `<table>/<rest>`. */
  curatedObjects: Map<string, number>;
  pending: ReasonedRow[];
  quarantined: ReasonedRow[];
  /** Curated rows of the keys that somebody asked about: `<table>/<key>` → cells by column. */
  asked: Map<string, Record<string, unknown>[]>;
  /** `<rule>/<order id>` of each violation listed. */
  violations: Set<string>;
  /** Keys of all rows in curated, pending or quarantine, by table; and of the curated ones alone. */
  keys: Map<string, Set<string>>;
  curatedKeys: Map<string, Set<string>>;
  /** Curated rows whose key another curated row has. */
  doubledKeys: number;
  /** Raw rows of accepted files whose key stands nowhere. */
  lostRows: string[];
  /** Cells in the form of their mask, by `<table>.<column>`. */
  masked: Map<string, number>;
  /** Values in clear: how many, by what and where. */
  leaks: Map<string, number>;
  /** Objects that could not be read, and why. */
  unreadable: string[];
  scannedObjects: number;
  scannedCells: number;
}

/** What Penstock itself says it did, from the metrics of its objects: rows in, duplicates within them, values masked. */
export interface Reported {
  rowsIn: Map<string, number>;
  duplicates: Map<string, number>;
  masked: Map<string, number>;
}

/** Rows by table and outcome as counted in the objects; duplicates are what is in none of them. */
export function countedTables(account: Account, tables: readonly string[]): Map<string, TableCounts> {
  const accepted = acceptedRows(account);
  return new Map(
    tables.map((table) => {
      const quarantined = account.quarantined.filter((row) => row.table === table);
      const counts = {
        rows_in: accepted.get(table) ?? 0,
        curated: account.curated.get(table) ?? 0,
        pending: account.pending.filter((row) => row.table === table).length,
        quarantined: quarantined.length,
      };
      return [
        table,
        {
          ...counts,
          duplicates: counts.rows_in - counts.curated - counts.pending - counts.quarantined,
          by_rule: rulesOf(quarantined),
        },
      ];
    }),
  );
}

/** Raw rows by table from the footers, files refused whole left out. */
export function acceptedRows({ raw, refused }: Account): Map<string, number> {
  const refusedKeys = new Set(refused.map(({ key }) => key));
  const rows = new Map<string, number>();
  for (const object of raw) {
    if (object.table === null || refusedKeys.has(object.key)) continue;
    rows.set(object.table, (rows.get(object.table) ?? 0) + (object.rows ?? 0));
  }
  return rows;
}

function rulesOf(rows: readonly ReasonedRow[]): Record<string, number> {
  const rules = new Map<string, number>();
  for (const { reasons } of rows) {
    for (const rule of reasons) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  return Object.fromEntries([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
}
