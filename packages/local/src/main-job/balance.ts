import type { TableCounts } from "../sample/ledger.ts";
import type { Account, Reported } from "./account.ts";
import { rawPlace } from "./places.ts";

/** Something that must hold at the end of a run. `detail` says what was found, and where when it does not hold. */
export interface Check {
  name: string;
  holds: boolean;
  detail: string;
}

/** What the balances are made from. */
export interface BalanceOptions {
  account: Account;
  reported: Reported;
  /** By table, as counted in the objects. */
  counted: ReadonlyMap<string, TableCounts>;
  /** By table, as planted; undefined for data of one's own. */
  expected: ReadonlyMap<string, TableCounts> | undefined;
}

/** Every balance that is owed, counted from the objects themselves and not from what Penstock reports. */
export function balances({ account, reported, counted, expected }: BalanceOptions): Check[] {
  return [
    everyObjectHasAnOutcome(account),
    check("written objects", account.unreadable, `${account.scannedObjects} were read again`),
    ...[...counted].map(([table, counts]) => tableBalance(table, counts, reported)),
    check(
      "no row is lost",
      account.lostRows,
      `every key of ${account.raw.length} raw objects is found again`,
    ),
    {
      name: "keys are unique",
      holds: account.doubledKeys === 0,
      detail:
        account.doubledKeys === 0 ? "one curated row a key" : `${account.doubledKeys} curated rows too many`,
    },
    ...(expected === undefined ? [] : [asPlanted(counted, expected)]),
  ];
}

function everyObjectHasAnOutcome({ raw, refused, curatedObjects }: Account): Check {
  const refusedKeys = new Set(refused.map(({ key }) => key));
  const without = raw
    .filter(({ key }) => {
      const place = rawPlace(key);
      return (
        !refusedKeys.has(key) && (place === undefined || !curatedObjects.has(`${place.table}/${place.rest}`))
      );
    })
    .map(({ key }) => key);
  const accepted = raw.length - refusedKeys.size;
  return check(
    "objects",
    without,
    `${raw.length} raw = ${accepted} refined + ${refusedKeys.size} refused whole`,
  );
}

/**
 * Rows in, from the raw footers, are what curated, pending and quarantine hold and the versions dropped. Versions
 * are what is left over, so their number must be possible: at least those within single objects.
 */
function tableBalance(table: string, counts: TableCounts, reported: Reported): Check {
  const { rows_in, curated, duplicates, pending, quarantined } = counts;
  const sum = `${rows_in} in = ${curated} curated + ${duplicates} duplicates + ${pending} pending + ${quarantined} quarantined`;
  const reportedIn = reported.rowsIn.get(table) ?? 0;
  const within = reported.duplicates.get(table) ?? 0;
  const faults = [
    ...(duplicates < within ? [`${within} duplicates were reported within objects alone`] : []),
    ...(reportedIn === rows_in ? [] : [`${reportedIn} rows in were reported`]),
  ];
  return { name: table, holds: faults.length === 0, detail: [sum, ...faults].join(", but ") };
}

function asPlanted(
  counted: ReadonlyMap<string, TableCounts>,
  expected: ReadonlyMap<string, TableCounts>,
): Check {
  const faults = [...expected].flatMap(([table, plan]) => {
    const found = counted.get(table);
    if (found === undefined) return [`${table}: nothing was counted`];
    const columns = ["rows_in", "curated", "duplicates", "pending", "quarantined"] as const;
    return [
      ...columns.flatMap((name) =>
        found[name] === plan[name] ? [] : [`${table}: ${name} ${found[name]}, planned ${plan[name]}`],
      ),
      ...ruleDifferences(plan.by_rule, found.by_rule).map((difference) => `${table}: ${difference}`),
    ];
  });
  return check("counts are those planned", faults, "every table, every outcome, every rule");
}

function ruleDifferences(plan: Record<string, number>, found: Record<string, number>): string[] {
  return [...new Set([...Object.keys(plan), ...Object.keys(found)])]
    .filter((rule) => plan[rule] !== found[rule])
    .map((rule) => `${rule} ${found[rule] ?? 0}, planned ${plan[rule] ?? 0}`);
}

/** A check that holds when there are no faults; the first few of them are named. */
export function check(name: string, faults: readonly string[], detail: string): Check {
  const shown = faults.slice(0, 5).join("; ");
  const more = faults.length > 5 ? `; and ${faults.length - 5} more` : "";
  return faults.length === 0
    ? { name, holds: true, detail }
    : { name, holds: false, detail: `${shown}${more}` };
}
