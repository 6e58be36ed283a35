import { catalogueProducts, interactions, type ValidationCheck } from "@penstock/contracts";
import { type DuckSession, type Row, toEngine } from "@penstock/runtime";
import { duplicatesByDay } from "./clean-plan.ts";
import type { LandedPart } from "./landed-parts.ts";
import { OBJECT_FAULTS } from "./raw-lines.ts";
import type { ValidationLimits } from "./settings.ts";

/** Columns of an interaction that it is nothing without. */
const KEYS = interactions.columns.filter(({ nullable }) => !nullable).map(({ name }) => name);

/** A check of so many rows of all; what has no rows at all breaks nothing. */
function check(name: string, rows: number, of: number, limit: number): ValidationCheck {
  const share = of === 0 ? 0 : Math.min(1, rows / of);
  return { check: name, rows, share, limit, passed: share <= limit };
}

/** The checks of objects and lines, from what landing counted: one cannot leave out rows that another check has rejected. */
export function lineChecks(parts: readonly LandedPart[], limits: ValidationLimits): ValidationCheck[] {
  const sum = (of: (counts: LandedPart["counts"]) => number) =>
    parts.reduce((total, { counts }) => total + of(counts), 0);
  const lines = sum((counts) => counts.lines);
  return [
    // Whatever lines they have, they are lost: as many of all objects may be as lines of all lines.
    check(
      "objects",
      sum(({ faults }) => faults[OBJECT_FAULTS.unreadable] ?? 0),
      parts.reduce((total, { objects }) => total + objects, 0),
      limits.schema,
    ),
    check(
      "schema",
      sum(({ broken }) => broken.schema),
      lines,
      limits.schema,
    ),
    check(
      "types",
      sum(({ broken }) => broken.types),
      lines,
      limits.types,
    ),
    ...KEYS.map((key) =>
      check(
        `nulls.${key}`,
        sum(({ reasons }) => reasons[`${key}.required`] ?? 0),
        lines,
        limits.nulls,
      ),
    ),
    check(
      "order",
      sum((counts) => counts.unordered),
      sum((counts) => counts.rows),
      limits.order,
    ),
  ];
}

/** Lines or rows that a day has at least, for shares of its own to say something. */
const LEAST_OF_A_DAY = 50;

/**
 * What broke on single days, under the check's name and the day: a day's failure is not averaged away by others. A day
 * that is all there is has been checked already.
 */
function brokenDays(
  days: readonly { readonly day: string; readonly of: number; readonly checks: readonly ValidationCheck[] }[],
  changed: ReadonlySet<string>,
): ValidationCheck[] {
  if (days.length < 2) return [];
  return days
    .filter(({ day, of }) => changed.has(day) && of >= LEAST_OF_A_DAY)
    .flatMap(({ day, checks }) =>
      checks.filter(({ passed }) => !passed).map((each) => ({ ...each, check: `${each.check} on ${day}` })),
    );
}

/** The checks of lines that break on one of the days that changed. */
export function lineChecksOfDays(
  parts: readonly LandedPart[],
  changed: ReadonlySet<string>,
  limits: ValidationLimits,
): ValidationCheck[] {
  const days = [...Map.groupBy(parts, ({ day }) => day)].map(([day, own]) => ({
    day,
    of: own.reduce((sum, { counts }) => sum + counts.lines, 0),
    checks: lineChecks(own, limits),
  }));
  return brokenDays(days, changed);
}

/** Over which days rows are checked. */
interface CheckedRows {
  readonly limits: ValidationLimits;
  readonly lookBackDays: number;
  /** First day that is judged; rows of earlier ones tell what is a duplicate. */
  readonly from: string;
  readonly changed: ReadonlySet<string>;
}

/**
 * The checks of rows against the catalogues and each other, over the views `landed` and `earlier` and the tables that
 * `readCatalogue` makes: over all, and those that break on one of the days that changed. Duplicates are the rows that
 * cleaning will remove as such, those that repeat a row of the look-back among them. Makes the table `repeated`: the ids
 * that more than one row has.
 */
export async function rowChecks(
  session: DuckSession,
  { limits, lookBackDays, from, changed }: CheckedRows,
): Promise<ValidationCheck[]> {
  // By their hashes first: ids are long, and few repeat.
  await session.run(`CREATE TABLE repeated AS
    SELECT interaction_id FROM (SELECT interaction_id FROM landed UNION ALL SELECT interaction_id FROM earlier)
    WHERE hash(interaction_id) IN (
      SELECT id FROM (SELECT hash(interaction_id) AS id FROM landed UNION ALL SELECT hash(interaction_id) FROM earlier)
      GROUP BY id HAVING count(*) > 1
    ) GROUP BY interaction_id HAVING count(*) > 1`);
  const [user = ""] = ["user_id"];
  const [product = ""] = catalogueProducts.primaryKey;
  const unknown = (key: string, table: string) =>
    `SELECT day, count(*) AS n FROM landed l ANTI JOIN (SELECT DISTINCT ${key} FROM ${table}_rows) k ON k.${key} = l.${key} GROUP BY day`;
  const found = await session.rows(`
    SELECT d.day AS day, d.n AS rows, COALESCE(u.n, 0) AS users, COALESCE(p.n, 0) AS products, COALESCE(r.n, 0) AS repeated
    FROM (SELECT day, count(*) AS n FROM landed GROUP BY day) d
    LEFT JOIN (${unknown(user, "users")}) u ON u.day = d.day
    LEFT JOIN (${unknown(product, "products")}) p ON p.day = d.day
    LEFT JOIN (${toEngine(duplicatesByDay(from, lookBackDays), "duckdb")}) r ON r.day = d.day
    ORDER BY d.day`);
  const checksOf = (some: readonly Row[]): ValidationCheck[] => {
    const count = (name: string) => some.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
    return [
      check("references.users", count("users"), count("rows"), limits.users),
      check("references.products", count("products"), count("rows"), limits.products),
      check("duplicates", count("repeated"), count("rows"), limits.duplicates),
    ];
  };
  const days = found.map((row) => ({ day: String(row.day), of: Number(row.rows), checks: checksOf([row]) }));
  return [...checksOf(found), ...brokenDays(days, changed)];
}
