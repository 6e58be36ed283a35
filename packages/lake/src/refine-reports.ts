import { identifier, type Row } from "@penstock/runtime";
import * as v from "valibot";
import { isMasked, type ScannedColumn } from "./masking.ts";
import { type RefineShape, ruleFlag, type Step, settledRows } from "./refine-steps.ts";

/** What a refine's SQL counts. Row counts of the outputs are not here: they come from what was written. */
export interface RefineCounts {
  readonly rowsIn: number;
  readonly duplicates: number;
  /** Quarantined rows by rule; a row that breaks two stands under both. Sorted by name, none that is 0. */
  readonly byRule: Readonly<Record<string, number>>;
  /** Pending rows by missing parent, likewise. */
  readonly byMissingParent: Readonly<Record<string, number>>;
  readonly columns: readonly ColumnCounts[];
}

/** One column that was searched or masked. */
export interface ColumnCounts {
  readonly column: string;
  /** The class of the column, "free text", or "misplaced" (searched in rows that broke a rule of this column). */
  readonly scan: string;
  /** Values looked at, in all rows that were written. */
  readonly scanned: number;
  /** Values changed by the mask, dropped ones included. */
  readonly masked: number;
}

/** The counting queries, to be run over the steps. Each answers one row; its columns are numbered, see below. */
export function refineReports(shape: RefineShape): Step[] {
  const { rules, lookUps, scanned } = shape;
  const flags = (conditions: readonly string[]) =>
    conditions
      .map((condition, index) => `count(CASE WHEN ${condition} THEN 1 END) AS "n${index}"`)
      .join(", ");
  const whole = wholeColumns(shape).map((one) => {
    const column = `t.${identifier(one.column.name)}`;
    return { any: `${column} IS NOT NULL`, hit: isMasked(one, column) };
  });
  const rejected = scanned.map((one) => {
    const column = identifier(one.file.name);
    const any = `${column} IS NOT NULL${one.scan === "misplaced" ? ` AND (${one.ownBroken})` : ""}`;
    return { any, hit: isMasked(one, column) };
  });
  const pairs = (columns: readonly { any: string; hit: string }[]) =>
    flags(columns.flatMap(({ any, hit }) => [any, hit]));
  return [
    { name: "rows_in", sql: `SELECT count(*) AS "n0" FROM raw` },
    { name: "duplicates", sql: `SELECT sum("_rows" - 1) AS "n0" FROM repeated` },
    {
      name: "rejected",
      sql: `SELECT ${flags(rules.map((_, index) => identifier(ruleFlag(index))))} FROM flagged`,
    },
    { name: "rejected_columns", sql: `SELECT ${pairs(rejected)} FROM rejected` },
    ...(whole.length === 0
      ? []
      : [{ name: "settled_columns", sql: `SELECT ${pairs(whole)} FROM (${settledRows(shape)}) t` }]),
    ...(lookUps.length === 0
      ? []
      : [
          {
            name: "missing_parents",
            sql: `SELECT ${flags(lookUps.map(({ flag }) => `t.${identifier(flag)}`))} FROM waiting t`,
          },
        ]),
  ];
}

/** Reads the answers of {@link refineReports}, in either engine's form (a bigint of DuckDB, a number of JSON). */
export function refineCounts(
  shape: RefineShape,
  reports: Readonly<Record<string, readonly Row[]>>,
): RefineCounts {
  const numbers = (report: string) => Object.values(v.parse(Numbers, reports[report]?.[0] ?? {}));
  const named = (names: readonly string[], counts: readonly number[]) =>
    Object.fromEntries(
      names
        .map((name, index) => [name, counts[index] ?? 0] as const)
        .filter(([, count]) => count > 0)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  const rejected = numbers("rejected_columns");
  const settled = numbers("settled_columns");
  const order = wholeColumns(shape).map(({ column }) => column.name);
  return {
    rowsIn: numbers("rows_in")[0] ?? 0,
    duplicates: numbers("duplicates")[0] ?? 0,
    byRule: named(
      shape.rules.map(({ name }) => name),
      numbers("rejected"),
    ),
    byMissingParent: named(
      shape.lookUps.map(({ name }) => name),
      numbers("missing_parents"),
    ),
    columns: shape.scanned.flatMap(({ column, scan }, index) => {
      if (scan === undefined) return [];
      const at = order.indexOf(column.name);
      const both = (offset: number) =>
        (rejected[2 * index + offset] ?? 0) + (at < 0 ? 0 : (settled[2 * at + offset] ?? 0));
      return [{ column: column.name, scan, scanned: both(0), masked: both(1) }];
    }),
  };
}

/** The numbers of one row in the order of its columns `n0`, `n1`, …; a sum over nothing is NULL, so 0. */
const Numbers = v.pipe(
  v.record(v.string(), v.nullable(v.pipe(v.union([v.number(), v.bigint()]), v.transform(Number)))),
  v.transform((row) => Object.keys(row).map((_, index) => row[`n${index}`] ?? 0)),
);

/** Columns that are masked or searched in every row. */
function wholeColumns({ scanned }: RefineShape): ScannedColumn[] {
  return scanned.filter(({ scan }) => scan !== undefined && scan !== "misplaced");
}
