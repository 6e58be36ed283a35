import { contractFor } from "@penstock/contracts";
import { type Expected, type Planted, weight } from "../sample/ledger.ts";
import type { Row } from "../sample/population.ts";
import type { MaskedCells } from "../sample/secrets.ts";
import type { Account } from "./account.ts";
import { joinKey, plainText } from "./cells.ts";
import { rawPlace } from "./places.ts";

/** Planted against found for one kind. */
export interface Finding {
  kind: string;
  table: string;
  planted: number;
  found: number;
  /** Where the first one that was not found was planted. */
  missing: string | undefined;
}

/** The executions that each raw object started: how many, by key, ended well. */
export type ExecutionsByObject = ReadonlyMap<string, number>;

/** The primary key of something planted as it reads in a written object. */
export function plantedKey({ table, key }: Planted): string {
  return joinKey((contractFor(table)?.primaryKey ?? []).map((column) => key[column]));
}

/** The curated rows that the findings need to see, as `<table>/<key>`. */
export function askedFor(ledger: readonly Planted[]): Set<string> {
  const outcomes: readonly Expected["outcome"][] = ["duplicate", "curated"];
  return new Set(
    ledger
      .filter(({ expected }) => outcomes.includes(expected.outcome))
      .map((planted) => `${planted.table}/${plantedKey(planted)}`),
  );
}

/** Holds everything planted against the objects that the run left behind, kind by kind. */
export function findings(
  ledger: readonly Planted[],
  masked: readonly MaskedCells[],
  account: Account,
  executions: ExecutionsByObject,
): Finding[] {
  const stand = standing(account);
  const byKind = new Map<string, Finding>();
  for (const planted of ledger) {
    const { kind, table, expected } = planted;
    const finding = byKind.get(kind) ?? { kind, table, planted: 0, found: 0, missing: undefined };
    byKind.set(kind, finding);
    finding.planted += weight(expected);
    if (isFound(planted, account, stand, executions)) finding.found += weight(expected);
    else finding.missing ??= `${planted.object} (key ${plantedKey(planted)})`;
  }
  return [...byKind.values(), ...masked.map((cells) => maskedFinding(cells, account))];
}

/** Rows of pending and quarantine by all that identifies them, each to be claimed once. */
function standing(account: Account): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [outcome, list] of [
    ["pending", account.pending],
    ["quarantined", account.quarantined],
  ] as const) {
    for (const { table, rest, key, reasons } of list) {
      const name = [outcome, table, rest, key, ...reasons].join(" / ");
      rows.set(name, (rows.get(name) ?? 0) + 1);
    }
  }
  return rows;
}

function isFound(
  planted: Planted,
  account: Account,
  stand: Map<string, number>,
  executions: ExecutionsByObject,
): boolean {
  const { table, object, expected } = planted;
  const rest = rawPlace(object)?.rest ?? object;
  const key = plantedKey(planted);
  switch (expected.outcome) {
    case "quarantined":
      return claim(stand, ["quarantined", table, rest, key, ...[...expected.rules].sort()]);
    case "pending":
      return claim(stand, ["pending", table, rest, key, ...[...expected.reasons].sort()]);
    case "duplicate":
      return holdsOnce(account.asked.get(`${table}/${key}`), expected.survivor);
    case "curated":
      return holdsOnce(account.asked.get(`${table}/${key}`), expected.cells);
    case "violation":
      return account.violations.has(`${expected.rule}/${key}`) === expected.listed;
    case "refused":
      return account.refused.some((file) => file.key === object && file.reason === expected.reason);
    case "accepted":
      return account.curatedObjects.get(`${table}/${rest}`) === expected.rows;
    case "again":
      return executions.get(object) === expected.executions;
  }
}

/** Takes one row of that name away, so that two planted ones need two. */
function claim(stand: Map<string, number>, parts: readonly string[]): boolean {
  const name = parts.join(" / ");
  const left = stand.get(name) ?? 0;
  stand.set(name, left - 1);
  return left > 0;
}

function holdsOnce(rows: readonly Record<string, unknown>[] | undefined, cells: Row): boolean {
  const [row, ...others] = rows ?? [];
  if (row === undefined || others.length > 0) return false;
  return Object.entries(cells).every(([column, cell]) => plainText(row[column]) === plainText(cell));
}

/** A security code must be gone everywhere, every other sensitive cell must stand in its masked form. */
function maskedFinding({ table, column, class: kind, cells }: MaskedCells, account: Account): Finding {
  const inClear = [...account.leaks]
    .filter(([where]) => where.startsWith("cvv "))
    .reduce((all, [, count]) => all + count, 0);
  const found = kind === "cvv" ? cells - inClear : (account.masked.get(`${table}.${column}`) ?? 0);
  return {
    kind: `${table}.${column}: ${kind === "cvv" ? "dropped" : `masked as ${kind}`}`,
    table,
    planted: cells,
    found,
    missing: found === cells ? undefined : `${table}.${column}`,
  };
}
