import {
  type Contract,
  compileTable,
  latestFirst,
  type PhysicalColumn,
  type Reference,
} from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import {
  hiddenCards,
  quarantinedValue,
  type ScannedColumn,
  SEARCHED,
  scannedColumns,
  searchedText,
  settledValue,
} from "./masking.ts";
import { missingParent, type Reason, reasonsSql } from "./reasons.ts";
import { anyOf, identifiers, timestamp } from "./sql-text.ts";

/** A named query over the ones before it. */
export interface Step {
  readonly name: string;
  readonly sql: string;
}

/** What a refine's SQL is written from: one file's columns, its contract, and which parents can be looked up. */
export interface RefineShape {
  readonly contract: Contract;
  readonly physical: readonly PhysicalColumn[];
  readonly scanned: readonly ScannedColumn[];
  /** Every rule that a row of this file can break. */
  readonly rules: readonly Reason[];
  /** Contract columns as expressions over `checked`; `computed` is set where `checked` has to compute them. */
  readonly values: readonly { readonly column: string; readonly over: string; readonly computed?: string }[];
  /** Columns that `checked` hands on beside the file's: what it found out about a row. */
  readonly found: readonly string[];
  readonly lookUps: readonly LookUp[];
  readonly arrivedAt: Date;
}

/** One reference: how the file's rows join its parent's keys, and when the parent is missing. */
interface LookUp {
  readonly name: string;
  readonly join: string;
  readonly missing: string;
  /** The column of `checked` that tells of a missing parent. */
  readonly flag: string;
}

/** Compiles the contract for a file. `parents`: tables that are there to be looked up in as `parent_<table>`. */
export function refineShape(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
  { parents, arrivedAt }: { readonly parents: readonly string[]; readonly arrivedAt: Date },
): RefineShape {
  const compiled = compileTable(contract, source, physical);
  const flagged = compiled.rules.map(({ columns }, index) => ({
    columns,
    flag: identifier(ruleFlag(index)),
  }));
  const scanned = scannedColumns(contract, source, physical, flagged);
  const stored = new Set(physical.map(({ name }) => identifier(name)));
  const textual = new Set(
    scanned.filter(({ file }) => file.type === "VARCHAR").map(({ column }) => column.name),
  );
  const lookUps = contract.references.map((reference, index) => {
    const values = reference.columns.map(
      (name) => compiled.decoded.find(({ column }) => column === name)?.sql ?? "NULL",
    );
    return lookUp(reference, index, { values, looked: parents.includes(reference.table) });
  });
  const searches = scanned.some(({ scan }) => scan === "free text");
  return {
    contract,
    physical,
    scanned,
    rules: compiled.rules.map(({ rule, broken }) => ({ name: rule, condition: broken })),
    values: compiled.decoded.map(({ column, sql }) => {
      // Reading text as a number or a time is kept; a cast costs less than storing its result beside the original.
      if (stored.has(sql) || !textual.has(column)) return { column, over: sql };
      return { column, over: `c.${identifier(`_value_${column}`)}`, computed: sql };
    }),
    lookUps,
    found: [...(searches ? [SEARCHED["free text"]] : []), ...lookUps.map(({ flag }) => flag)],
    arrivedAt,
  };
}

/** `values`: the referring columns as expressions over the file's; `looked`: the parent's objects are there. */
function lookUp(
  reference: Reference,
  index: number,
  { values, looked }: { readonly values: readonly string[]; readonly looked: boolean },
): LookUp {
  const flag = `_missing_${index}`;
  const names = values.map((value) => `(${value}) IS NOT NULL`);
  const name = missingParent(reference);
  if (!looked) return { name, flag, join: "", missing: names.join(" AND ") };
  const keys = reference.to.map((column, at) => ({ column, as: identifier(`_parent_${index}_${at}`) }));
  const parents = keys.map(({ column, as }) => `${identifier(column)} AS ${as}`).join(", ");
  const pairs = keys.map(({ as }, at) => `p${index}.${as} = ${values[at] ?? "NULL"}`).join(" AND ");
  // DISTINCT: a parent's key may still stand in two curated objects, until reconcile has seen them.
  return {
    name,
    flag,
    join: ` LEFT JOIN (SELECT DISTINCT ${parents} FROM ${identifier(`parent_${reference.table}`)}) p${index} ON ${pairs}`,
    missing: [...names, `p${index}.${keys[0]?.as} IS NULL`].join(" AND "),
  };
}

/**
 * `checked`: every row of the file, with its decoded values, its free text masked where it holds a card, which of its
 * parents are not curated, and whether it broke any rule. Each value is decoded, searched and looked up once, here.
 */
export function checkedStep({ physical, values, scanned, lookUps, rules }: RefineShape): Step {
  const columns = [
    ...physical.map(({ name }) => identifier(name)),
    ...values.flatMap(({ column, computed }) =>
      computed === undefined ? [] : [`${computed} AS ${identifier(`_value_${column}`)}`],
    ),
    ...hiddenCards("free text", scanned, searchedText),
    ...lookUps.map(({ missing, flag }) => `${missing} AS ${identifier(flag)}`),
    `${anyOf(rules.map(({ condition }) => condition))} AS "_broken"`,
  ];
  const joins = lookUps.map(({ join }) => join).join("");
  return { name: "checked", sql: `SELECT ${columns.join(", ")} FROM raw${joins}` };
}

/** `repeated`: the keys that more than one sound row has, and how many. Few, as a rule: what follows costs little. */
export function repeatedStep(shape: RefineShape): Step {
  const { primaryKey } = shape.contract;
  return {
    name: "repeated",
    sql: `SELECT ${keyColumns(shape)}, count(*) AS "_rows" FROM (${sound(shape)}) t GROUP BY ${identifiers(primaryKey, "t")} HAVING count(*) > 1`,
  };
}

/**
 * `latest`: of each repeated key the row that counts: the greatest `latestBy`, NULL last, then by the order of all
 * columns, so that the outcome never depends on the order of the rows.
 */
export function latestStep(shape: RefineShape): Step {
  const carried = carriedColumns(shape);
  const { contract } = shape;
  return {
    name: "latest",
    sql: `SELECT ${identifiers(carried)} FROM (SELECT ${identifiers(carried, "t")}, row_number() OVER (PARTITION BY ${identifiers(contract.primaryKey, "t")} ORDER BY ${latestFirst(contract, "t")}) AS "_rank" FROM (${sound(shape)}) t JOIN repeated r ON ${sameKey(shape, "r")}) ranked WHERE "_rank" = 1`,
  };
}

/** `curated`: settled rows whose parents are all curated, masked; without card verification values. */
export function curatedStep(shape: RefineShape): Step {
  const kept = shape.contract.columns.filter(({ sensitive }) => sensitive !== "cvv");
  const columns = kept.map(({ name }) => maskedColumn(shape, name)).join(", ");
  return {
    name: "curated",
    sql: `SELECT ${columns} FROM (${settledRows(shape)}) t WHERE NOT (${anyMissing(shape)})`,
  };
}

/** `waiting`: settled rows that have to wait for a parent. */
export function waitingStep(shape: RefineShape): Step {
  return {
    name: "waiting",
    sql: `SELECT ${identifiers(carriedColumns(shape), "t")} FROM (${settledRows(shape)}) t WHERE ${anyMissing(shape)}`,
  };
}

/** `pending`: the waiting rows masked, with the reasons and the time their file arrived. */
export function pendingStep(shape: RefineShape): Step {
  const reasons = shape.lookUps.map(({ name, flag }) => ({ name, condition: `t.${identifier(flag)}` }));
  const columns = [
    ...shape.contract.columns.map(({ name }) => maskedColumn(shape, name)),
    `${reasonsSql(reasons)} AS "_reasons"`,
    `${timestamp(shape.arrivedAt)} AS "_arrived_at"`,
  ];
  return { name: "pending", sql: `SELECT ${columns.join(", ")} FROM waiting t` };
}

function anyMissing({ lookUps }: RefineShape): string {
  return anyOf(lookUps.map(({ flag }) => `t.${identifier(flag)}`));
}

/** `flagged`: the rows that broke a rule, as the file has them, with one flag per rule. */
export function flaggedStep({ physical, rules, found }: RefineShape): Step {
  const columns = [
    ...[...physical.map(({ name }) => name), ...found].map(identifier),
    ...rules.map(({ condition }, index) => `${condition} AS ${identifier(ruleFlag(index))}`),
  ];
  return { name: "flagged", sql: `SELECT ${columns.join(", ")} FROM checked WHERE "_broken"` };
}

/**
 * `rejected`: `flagged` with the masked texts also of columns that are searched only where a rule of theirs is broken.
 * Ids are long rows of digits and letters, on which the search is slow.
 */
export function rejectedStep({ scanned }: RefineShape): Step {
  const misplaced = hiddenCards(
    "misplaced",
    scanned,
    (one) => `CASE WHEN ${one.ownBroken} THEN ${searchedText(one)} END`,
  );
  return { name: "rejected", sql: `SELECT ${["*", ...misplaced].join(", ")} FROM flagged` };
}

/** The column of `flagged` that tells whether a row broke the rule of that number. */
export function ruleFlag(index: number): string {
  return `_rule_${index}`;
}

/** `quarantine`: the rejected rows with the file's own columns, masked, and every rule that they broke. */
export function quarantineStep({ physical, scanned, rules }: RefineShape): Step {
  const columns = physical.map((file) => {
    const one = scanned.find((column) => column.file.name === file.name);
    const value = one === undefined ? identifier(file.name) : quarantinedValue(one);
    return `${value} AS ${identifier(file.name)}`;
  });
  const broken = rules.map(({ name }, index) => ({ name, condition: identifier(ruleFlag(index)) }));
  return {
    name: "quarantine",
    sql: `SELECT ${[...columns, `${reasonsSql(broken)} AS "_reasons"`].join(", ")} FROM rejected`,
  };
}

/**
 * One sound row per key, not masked yet. A part of other queries and no step of its own: what several queries read is
 * kept, and this one would be the whole file a second time. The second half joins what it need not: with a join in one
 * half only, DuckDB's sort above it runs out of memory instead of spilling (1.5.5, a million rows: not with 250 MB; with
 * both it takes 120).
 */
export function settledRows(shape: RefineShape): string {
  const carried = carriedColumns(shape);
  return `SELECT ${identifiers(carried, "t")} FROM (${sound(shape)}) t LEFT JOIN repeated r ON ${sameKey(shape, "r")} WHERE r."_key_0" IS NULL UNION ALL SELECT ${identifiers(carried, "t")} FROM latest t JOIN repeated r ON ${sameKey(shape, "r")}`;
}

/** Rows that broke no rule, as contract columns, with what `checked` found out about them. */
function sound({ values, found }: RefineShape): string {
  const columns = [
    ...values.map(({ column, over }) => `${over} AS ${identifier(column)}`),
    ...found.map((name) => `c.${identifier(name)}`),
  ];
  return `SELECT ${columns.join(", ")} FROM checked c WHERE NOT c."_broken"`;
}

function carriedColumns({ contract, found }: RefineShape): string[] {
  return [...contract.columns.map(({ name }) => name), ...found];
}

function keyColumns({ contract }: RefineShape): string {
  return contract.primaryKey.map((name, index) => `t.${identifier(name)} AS "_key_${index}"`).join(", ");
}

function sameKey({ contract }: RefineShape, relation: string): string {
  return contract.primaryKey
    .map((name, index) => `${relation}."_key_${index}" = t.${identifier(name)}`)
    .join(" AND ");
}

function maskedColumn({ scanned }: RefineShape, name: string): string {
  const value = `t.${identifier(name)}`;
  const one = scanned.find(({ column }) => column.name === name);
  return one === undefined ? value : `${settledValue(one, value)} AS ${identifier(name)}`;
}
