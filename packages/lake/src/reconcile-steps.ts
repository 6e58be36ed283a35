import { type Contract, latestFirst } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import { missingParent, reasonsSql } from "./reasons.ts";
import type { Step } from "./refine-steps.ts";
import { anyOf, identifiers, timestamp } from "./sql-text.ts";

/** A step that is kept as a table, because several queries read it, or a view. */
export interface ReconcileStep extends Step {
  readonly form: "TABLE" | "VIEW";
}

// What reconcile asks of one table, in Trino's dialect. Two relations must be there: `curated_<table>` (`_object`, the
// number of the object, and the contract's columns) and `waiting_<table>` (the same with `_reasons` and `_arrived_at`).

/**
 * `judged`: waiting rows with `_missing` (some parent is still not there), their reasons as they are now, and `_old`.
 * Needs `keys_<parent>` of every parent.
 */
export function judgedStep(contract: Contract, expireBefore: Date): ReconcileStep {
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
  const columns = [
    `w."_object"`,
    ...contract.columns.map(({ name }) => `w.${identifier(name)}`),
    `w."_reasons" AS "_reasons_before"`,
    `w."_arrived_at"`,
    `${anyOf(missing.map(({ condition }) => condition))} AS "_missing"`,
    `${missing.length === 0 ? `w."_reasons"` : reasonsSql(missing)} AS "_reasons"`,
    `w."_arrived_at" < ${timestamp(expireBefore)} AS "_old"`,
  ];
  const sql = `SELECT ${columns.join(", ")} FROM ${of(contract, "waiting")} w${joins.join("")}`;
  return { name: `judged_${contract.name}`, form: "TABLE", sql };
}

/**
 * `arrivals`: what is curated if every waiting row whose parents are there is released; `_late` marks the released.
 * `arrived`: their keys alone, read once from the files. `keys`: the keys that children may name. `contested`: keys of
 * several arrivals, with the number of these and of their objects.
 */
export function arrivalSteps(contract: Contract): ReconcileStep[] {
  const columns = identifiers(contract.columns.map(({ name }) => name));
  const keys = identifiers(contract.primaryKey);
  const both = (kept: string) =>
    `SELECT "_object", 0 AS "_late", ${kept} FROM ${of(contract, "curated")} UNION ALL SELECT "_object", 1 AS "_late", ${kept} FROM ${of(contract, "judged")} WHERE NOT "_missing"`;
  const numbered = contract.primaryKey.map((name, index) => `${identifier(name)} AS "_key_${index}"`);
  return [
    { name: "arrivals", form: "VIEW", sql: both(columns) },
    { name: "arrived", form: "TABLE", sql: both(keys) },
    { name: "keys", form: "VIEW", sql: `SELECT DISTINCT ${keys} FROM ${of(contract, "arrived")}` },
    {
      name: "contested",
      form: "TABLE",
      sql: `SELECT ${numbered.join(", ")}, count(*) AS "_rows", count(DISTINCT "_object") AS "_objects" FROM ${of(contract, "arrived")} GROUP BY ${keys} HAVING count(*) > 1`,
    },
  ].map(({ name, form, sql }) => ({
    name: `${name}_${contract.name}`,
    form: form === "TABLE" ? form : "VIEW",
    sql,
  }));
}

/** `ranked`: the arrivals of contested keys; `_rank` 1 is the row that stays, `_winner` its object. */
export function rankedStep(contract: Contract): ReconcileStep {
  const { primaryKey, columns } = contract;
  const keys = identifiers(primaryKey, "a");
  const over = `(PARTITION BY ${keys} ORDER BY ${latestFirst(contract, "a")}, a."_object", a."_late")`;
  const kept = `a."_object", a."_late", ${identifiers(
    columns.map(({ name }) => name),
    "a",
  )}`;
  const sql = `SELECT ${kept}, row_number() OVER ${over} AS "_rank", first_value(a."_object") OVER ${over} AS "_winner" FROM ${of(contract, "arrivals")} a JOIN ${of(contract, "contested")} c ON ${sameKey(contract, "c", "a")}`;
  return { name: `ranked_${contract.name}`, form: "TABLE", sql };
}

/**
 * What is curated after the pass, by `_object` and the contract's columns. `among` is what to choose from instead of
 * all arrivals; `contested` tells whether any key is.
 */
export function survivorsSql(contract: Contract, contested: boolean, among?: string): string {
  const columns = contract.columns.map(({ name }) => name);
  const kept = (relation?: string) => identifiers(["_object", ...columns], relation);
  const from = among === undefined ? of(contract, "arrivals") : `(${among})`;
  if (!contested) return `SELECT ${kept()} FROM ${from} a`;
  return `SELECT ${kept("a")} FROM ${from} a LEFT JOIN ${of(contract, "contested")} c ON ${sameKey(contract, "c", "a")} WHERE c."_key_0" IS NULL UNION ALL SELECT ${kept()} FROM ${of(contract, "ranked")} WHERE "_rank" = 1`;
}

/** Two relations have the same key, the first under its numbered names. */
export function sameKey({ primaryKey }: Contract, numbered: string, named: string): string {
  return primaryKey
    .map((name, index) => `${numbered}."_key_${index}" = ${named}.${identifier(name)}`)
    .join(" AND ");
}

/** One of the relations above, of one table. */
export function of({ name }: Contract, relation: string): string {
  return identifier(`${relation}_${name}`);
}
