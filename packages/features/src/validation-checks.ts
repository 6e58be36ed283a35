import { catalogueProducts, interactions, type ValidationCheck } from "@penstock/contracts";
import type { DuckSession } from "@penstock/runtime";
import type { LandedPart } from "./landed-parts.ts";
import type { ValidationLimits } from "./settings.ts";

/** Columns of an interaction that it is nothing without. */
const KEYS = interactions.columns.filter(({ nullable }) => !nullable).map(({ name }) => name);

/** A check of so many rows of all; what has no rows at all breaks nothing. */
function check(name: string, rows: number, of: number, limit: number): ValidationCheck {
  const share = of === 0 ? 0 : rows / of;
  return { check: name, rows, share, limit, passed: share <= limit };
}

/** The checks of lines, from what landing counted: one cannot leave out rows that another check has rejected. */
export function lineChecks(parts: readonly LandedPart[], limits: ValidationLimits): ValidationCheck[] {
  const sum = (of: (counts: LandedPart["counts"]) => number) =>
    parts.reduce((total, { counts }) => total + of(counts), 0);
  const lines = sum((counts) => counts.lines);
  return [
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

/**
 * The checks of rows against the catalogues and each other, over the views `landed` and `earlier` and the tables that
 * `readCatalogue` makes. Makes the table `repeated`: the ids that more than one row has.
 */
export async function rowChecks(session: DuckSession, limits: ValidationLimits): Promise<ValidationCheck[]> {
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
    `(SELECT count(*) FROM landed l ANTI JOIN (SELECT DISTINCT ${key} FROM ${table}_rows) k ON k.${key} = l.${key})`;
  const [found] = await session.rows(`
    SELECT (SELECT count(*) FROM landed) AS rows, ${unknown(user, "users")} AS users,
      ${unknown(product, "products")} AS products,
      (SELECT count(*) FROM landed SEMI JOIN repeated USING (interaction_id)) AS repeated,
      (SELECT count(DISTINCT interaction_id) FROM landed SEMI JOIN repeated USING (interaction_id)) AS once`);
  const count = (name: string) => Number(found?.[name] ?? 0);
  return [
    check("references.users", count("users"), count("rows"), limits.users),
    check("references.products", count("products"), count("rows"), limits.products),
    check("duplicates", count("repeated") - count("once"), count("rows"), limits.duplicates),
  ];
}
