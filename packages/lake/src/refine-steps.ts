import { type Contract, compileTable, type PhysicalColumn, type Reference } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import {
  cardsIn,
  countCardsSql,
  maskSql,
  quarantinedValue,
  type ScannedColumn,
  scannedColumns,
} from "./masking.ts";
import { missingParent, type Reason, reasonsSql } from "./reasons.ts";
import { latestFirst } from "./row-order.ts";
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
  /** Columns whose text is searched for cards in every row. */
  readonly searched: readonly ScannedColumn[];
  readonly lookUps: readonly LookUp[];
  readonly arrivedAt: Date;
}

/** One reference: how it joins its parent's keys, and when the parent is missing. */
interface LookUp {
  readonly name: string;
  readonly join: string;
  readonly missing: string;
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
    searched: scanned.filter(({ scan }) => scan === "free text"),
    lookUps: contract.references.map((reference, index) => lookUp(reference, index, parents)),
    arrivedAt,
  };
}

function lookUp(reference: Reference, index: number, parents: readonly string[]): LookUp {
  const parent = `p${index}`;
  const named = reference.columns.map((column) => `t.${identifier(column)} IS NOT NULL`);
  const name = missingParent(reference);
  if (!parents.includes(reference.table)) return { name, join: "", missing: named.join(" AND ") };
  const pairs = reference.columns.map(
    (column, at) => `${parent}.${identifier(reference.to[at] ?? "")} = t.${identifier(column)}`,
  );
  return {
    name,
    join: ` LEFT JOIN ${identifier(`parent_${reference.table}`)} ${parent} ON ${pairs.join(" AND ")}`,
    missing: [...named, `${parent}.${identifier(reference.to[0] ?? "")} IS NULL`].join(" AND "),
  };
}

/**
 * `checked`: every row of the file, with its decoded values, the number of cards in its free text, and whether it broke
 * any rule. Each value is decoded and matched against every pattern once, here.
 */
export function checkedStep({ physical, values, searched, rules }: RefineShape): Step {
  const columns = [
    ...physical.map(({ name }) => identifier(name)),
    ...values.flatMap(({ column, computed }) =>
      computed === undefined ? [] : [`${computed} AS ${identifier(`_value_${column}`)}`],
    ),
    ...searched.map((one) => `${countCardsSql(one)} AS ${identifier(cardsIn(one.column.name))}`),
    `${anyOf(rules.map(({ condition }) => condition))} AS "_broken"`,
  ];
  return { name: "checked", sql: `SELECT ${columns.join(", ")} FROM raw` };
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

/** `orphans`: the keys of settled rows that name a parent which is not curated, with one flag per reference. */
export function orphansStep(shape: RefineShape): Step {
  const { lookUps } = shape;
  const flags = lookUps.map(({ missing }, index) => `${missing} AS ${identifier(`_missing_${index}`)}`);
  // DISTINCT: a parent's key may still stand in two curated objects, until reconcile has seen them.
  return {
    name: "orphans",
    sql: `SELECT DISTINCT ${[keyColumns(shape), ...flags].join(", ")} FROM (${settledRows(shape)}) t${lookUps.map(({ join }) => join).join("")} WHERE ${anyOf(lookUps.map(({ missing }) => missing))}`,
  };
}

/** `curated`: settled rows whose parents are all curated, masked; without card verification values. */
export function curatedStep(shape: RefineShape): Step {
  const kept = shape.contract.columns.filter(({ sensitive }) => sensitive !== "cvv");
  const columns = kept.map(({ name }) => maskedColumn(shape, name)).join(", ");
  const [join, where] =
    shape.lookUps.length === 0
      ? ["", ""]
      : [` LEFT JOIN orphans o ON ${sameKey(shape, "o")}`, ` WHERE o."_key_0" IS NULL`];
  return { name: "curated", sql: `SELECT ${columns} FROM (${settledRows(shape)}) t${join}${where}` };
}

/** `pending`: settled rows that wait for a parent, masked, with the reasons and the time their file arrived. */
export function pendingStep(shape: RefineShape): Step {
  const reasons = shape.lookUps.map(({ name }, index) => ({
    name,
    condition: `o.${identifier(`_missing_${index}`)}`,
  }));
  const columns = [
    ...shape.contract.columns.map(({ name }) => maskedColumn(shape, name)),
    `${reasonsSql(reasons)} AS "_reasons"`,
    `${timestamp(shape.arrivedAt)} AS "_arrived_at"`,
  ];
  return {
    name: "pending",
    sql: `SELECT ${columns.join(", ")} FROM (${settledRows(shape)}) t JOIN orphans o ON ${sameKey(shape, "o")}`,
  };
}

/**
 * `rejected`: the rows that broke a rule, as the file has them, with one flag per rule, and the numbers of cards also
 * in columns that are searched only where a rule of theirs is broken.
 */
export function rejectedStep({ physical, rules, scanned }: RefineShape): Step {
  const columns = physical.map(({ name }) => identifier(name));
  const flags = rules.map(({ condition }, index) => `${condition} AS ${identifier(ruleFlag(index))}`);
  const cards = scanned.flatMap((one) => {
    const name = identifier(cardsIn(one.column.name));
    if (one.scan === "misplaced") return [`${countCardsSql(one)} AS ${name}`];
    return one.scan === "free text" ? [name] : [];
  });
  const all = [...columns, ...flags, ...cards].join(", ");
  return { name: "rejected", sql: `SELECT ${all} FROM checked WHERE "_broken"` };
}

/** The column of `rejected` that tells whether a row broke the rule of that number. */
export function ruleFlag(index: number): string {
  return `_rule_${index}`;
}

/** `quarantine`: the rejected rows with the file's own columns, masked, and every rule that they broke. */
export function quarantineStep({ physical, scanned, rules }: RefineShape): Step {
  const columns = physical.map((file) => {
    const found = scanned.find((column) => column.file.name === file.name);
    const value = found === undefined ? identifier(file.name) : quarantinedValue(found);
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
 * kept as a table, and this one would be the whole file a second time.
 */
export function settledRows(shape: RefineShape): string {
  const carried = carriedColumns(shape);
  return `SELECT ${identifiers(carried, "t")} FROM (${sound(shape)}) t LEFT JOIN repeated r ON ${sameKey(shape, "r")} WHERE r."_key_0" IS NULL UNION ALL SELECT ${identifiers(carried)} FROM latest`;
}

/** Rows that broke no rule, as contract columns, with the numbers of cards in their free text. */
function sound({ values, searched }: RefineShape): string {
  const columns = [
    ...values.map(({ column, over }) => `${over} AS ${identifier(column)}`),
    ...searched.map(({ column }) => `c.${identifier(cardsIn(column.name))}`),
  ];
  return `SELECT ${columns.join(", ")} FROM checked c WHERE NOT c."_broken"`;
}

function carriedColumns({ contract, searched }: RefineShape): string[] {
  return [...contract.columns.map(({ name }) => name), ...searched.map(({ column }) => cardsIn(column.name))];
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
  const scan = scanned.find(({ column }) => column.name === name)?.scan;
  if (scan === undefined || scan === "misplaced") return value;
  if (scan === "cvv") return `CAST(NULL AS VARCHAR) AS ${identifier(name)}`;
  if (scan !== "free text") return `${maskSql(scan, value)} AS ${identifier(name)}`;
  const found = `t.${identifier(cardsIn(name))} > 0`;
  return `CASE WHEN ${found} THEN ${maskSql(scan, value)} ELSE ${value} END AS ${identifier(name)}`;
}
