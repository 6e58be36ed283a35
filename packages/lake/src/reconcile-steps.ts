import { type Contract, sqlType } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import { missingParent, type Reason, reasonsSql } from "./reasons.ts";
import type { Step } from "./refine-steps.ts";
import { latestFirst } from "./row-order.ts";
import { anyOf, identifiers, timestamp } from "./sql-text.ts";

/**
 * What reconcile asks of one table, in Trino's dialect. Two relations must be there: `curated_<table>` (`_object`: the
 * number of the object, and the contract's columns) and `waiting_<table>` (the same with `_reasons`, `_arrived_at`),
 * and `keys_<parent>` for every parent table.
 *
 * - `judged`: waiting rows with `_missing` (some parent is still not there), the reasons as they are now, `_expired`.
 * - `arrivals`: what is curated if every waiting row whose parents are there is released. `_late` marks the released.
 * - `contested`: keys of several arrivals. `ranked`: their rows, `_rank` 1 the one that stays, `_winner` its object.
 * - `keys`: the keys that children may name.
 */
export function reconcileSteps(
  contract: Contract,
  expireBefore: Date,
): (Step & { readonly stored: boolean })[] {
  const relation = (name: string) => identifier(`${name}_${contract.name}`);
  const columns = contract.columns.map(({ name }) => name);
  const key = contract.primaryKey;
  const missing = contract.references.map((reference, index) => ({
    name: missingParent(reference),
    condition: [
      ...reference.columns.map((column) => `w.${identifier(column)} IS NOT NULL`),
      `p${index}.${identifier(reference.to[0] ?? "")} IS NULL`,
    ].join(" AND "),
  }));
  const joins = contract.references.map((reference, index) => {
    const pairs = reference.columns.map(
      (column, at) => `p${index}.${identifier(reference.to[at] ?? "")} = w.${identifier(column)}`,
    );
    return ` LEFT JOIN ${identifier(`keys_${reference.table}`)} p${index} ON ${pairs.join(" AND ")}`;
  });
  const order = `${latestFirst(contract, "a")}, a."_object", a."_late"`;
  const sameKey = key.map((name, index) => `c."_key_${index}" = a.${identifier(name)}`).join(" AND ");
  const perKey = `PARTITION BY ${identifiers(key, "a")} ORDER BY ${order}`;
  return [
    { name: "judged", sql: judged(), stored: true },
    {
      name: "arrivals",
      stored: false,
      sql: `SELECT "_object", 0 AS "_late", ${identifiers(columns)} FROM ${relation("curated")} UNION ALL SELECT "_object", 1 AS "_late", ${identifiers(columns)} FROM ${relation("judged")} WHERE NOT "_missing"`,
    },
    {
      name: "contested",
      stored: true,
      sql: `SELECT ${key.map((name, index) => `${identifier(name)} AS "_key_${index}"`).join(", ")}, count(*) AS "_rows", count(DISTINCT "_object") AS "_objects" FROM ${relation("arrivals")} GROUP BY ${identifiers(key)} HAVING count(*) > 1`,
    },
    {
      name: "ranked",
      stored: true,
      sql: `SELECT a."_object", a."_late", ${identifiers(columns, "a")}, row_number() OVER (${perKey}) AS "_rank", first_value(a."_object") OVER (${perKey}) AS "_winner" FROM ${relation("arrivals")} a JOIN ${relation("contested")} c ON ${sameKey}`,
    },
    {
      name: "keys",
      stored: false,
      sql: `SELECT DISTINCT ${identifiers(key)} FROM ${relation("arrivals")}`,
    },
  ].map((step) => ({ ...step, name: `${step.name}_${contract.name}` }));

  function judged(): string {
    const any = anyOf(missing.map(({ condition }) => condition));
    const kept = `w."_object", ${identifiers(columns, "w")}, w."_reasons" AS "_reasons_before", w."_arrived_at"`;
    const now = `${reasonsNow(missing)} AS "_reasons"`;
    const late = `w."_arrived_at" < ${timestamp(expireBefore)} AS "_old"`;
    return `SELECT ${kept}, ${any} AS "_missing", ${now}, ${late} FROM ${relation("waiting")} w${joins.join("")}`;
  }
}

function reasonsNow(missing: readonly Reason[]): string {
  return missing.length === 0 ? `w."_reasons"` : reasonsSql(missing);
}

/** The columns of a table as they stand in curated and pending objects, typed; for a table that has no object yet. */
export function typedNulls(contract: Contract): string {
  return contract.columns
    .map((column) => `CAST(NULL AS ${sqlType(column)}) AS ${identifier(column.name)}`)
    .join(", ");
}
