import type * as v from "valibot";
import type { Column, Contract, Reference, RowRule, SensitiveClass, Source } from "./contract.ts";
import { type ColumnReading, readColumn } from "./derive/read-column.ts";
import { InvalidContract } from "./errors.ts";

/** What a contract's author writes; `columns` and the `penstock` source are derived. */
export interface TableDefinition<Entries extends v.ObjectEntries> {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly schema: v.StrictObjectSchema<Entries, undefined>;
  readonly primaryKey: readonly (keyof Entries & string)[];
  readonly latestBy: keyof Entries & string;
  readonly references?: readonly (Reference & { readonly columns: readonly (keyof Entries & string)[] })[];
  readonly sensitive?: Readonly<Partial<Record<keyof Entries & string, SensitiveClass>>>;
  readonly rules?: readonly RowRule[];
  /** Sources beside `penstock`, whose columns are the contract's own. */
  readonly sources?: Readonly<Record<string, Source>>;
}

/** A contract that still knows the types of its columns: `v.InferOutput<typeof orders.schema>` is an order. */
export interface TableContract<Entries extends v.ObjectEntries> extends Contract {
  readonly schema: v.StrictObjectSchema<Entries, undefined> & Contract["schema"];
}

/** Curated objects lie under `year=…/month=…/day=…/`, as they arrived. */
const PARTITION_BY = ["year", "month", "day"] as const;
/** Digits of the shortest card number. */
const SHORTEST_CARD = 13;

/**
 * Builds the contract of a table and derives what follows from its schema, once.
 *
 * @throws UnsupportedAction when a column's schema has no SQL of the same meaning.
 * @throws InvalidContract when keys, references, rules or sources name columns that do not fit.
 */
export function table<Entries extends v.ObjectEntries>(
  definition: TableDefinition<Entries>,
): TableContract<Entries> {
  const { name, schema } = definition;
  const readings = Object.entries<v.GenericSchema>(schema.entries).map(([key, entry]) =>
    readColumn(key, entry),
  );
  const sensitive: Record<string, SensitiveClass> = {};
  for (const [column, kind] of Object.entries<SensitiveClass | undefined>(definition.sensitive ?? {})) {
    if (kind !== undefined) sensitive[column] = kind;
  }
  const references = definition.references ?? [];
  const keys = new Set([...definition.primaryKey, ...references.flatMap((reference) => reference.columns)]);
  const columns = readings.map((reading) =>
    columnOf(reading, sensitive[reading.name], keys.has(reading.name)),
  );
  const own = Object.fromEntries(columns.map((column) => [column.name, column.name]));
  const contract: TableContract<Entries> = {
    name,
    version: definition.version,
    description: definition.description,
    schema,
    columns,
    primaryKey: definition.primaryKey,
    latestBy: definition.latestBy,
    references,
    sensitive,
    partitionBy: PARTITION_BY,
    rules: definition.rules ?? [],
    sources: { penstock: { files: [name], columns: own }, ...definition.sources },
  };
  assertConsistent(contract);
  return contract;
}

function columnOf(reading: ColumnReading, sensitive: SensitiveClass | undefined, key: boolean): Column {
  const { identifier, checks, ...column } = reading;
  const longest = Math.min(
    ...checks.map((check) => {
      if (check.rule === "format") return check.longest;
      if (check.rule === "one_of") return 0;
      return check.rule === "max_length" ? check.limit : Number.POSITIVE_INFINITY;
    }),
  );
  const typed = column.type === "string" && !identifier && !key && sensitive === undefined;
  return {
    ...column,
    ...(sensitive === undefined ? {} : { sensitive }),
    freeText: typed && longest >= SHORTEST_CARD,
  };
}

function assertConsistent(contract: Contract): void {
  const refuse = (reason: string): never => {
    throw new InvalidContract(contract.name, reason);
  };
  const types = new Map(contract.columns.map((column) => [column.name, column]));
  const typeOf = (column: string, use: string) =>
    types.get(column) ?? refuse(`${use} names "${column}", which is no column`);
  for (const key of contract.primaryKey) {
    if (typeOf(key, "primaryKey").nullable) refuse(`the key column "${key}" may not be NULL`);
  }
  typeOf(contract.latestBy, "latestBy");
  for (const { columns, to, table: parent } of contract.references) {
    for (const column of columns) typeOf(column, `the reference to ${parent}`);
    if (columns.length !== to.length)
      refuse(`the reference to ${parent} pairs ${columns.length} with ${to.length}`);
  }
  for (const [column, kind] of Object.entries(contract.sensitive)) {
    const { type, nullable } = typeOf(column, "sensitive");
    if (type !== "string") refuse(`"${column}" is ${kind}, so it must be a string`);
    if (kind === "cvv" && !nullable) refuse(`"${column}" is dropped, so it must be nullable`);
  }
  for (const { name, holds } of contract.rules) {
    const [left, right] = [typeOf(holds.left, name).type, typeOf(holds.right, name).type];
    const numeric = ["integer", "decimal", "double"];
    const comparable = numeric.includes(left) ? numeric.includes(right) : left === right;
    if (!comparable || left === "string" || left === "boolean")
      refuse(`${name} compares ${left} with ${right}`);
  }
  for (const [source, { columns }] of Object.entries(contract.sources)) {
    const mapped = Object.values(columns);
    for (const column of mapped) typeOf(column, `source ${source}`);
    if (new Set(mapped).size !== mapped.length) refuse(`source ${source} maps two columns to one`);
    for (const column of contract.columns) {
      if (!column.optional && !mapped.includes(column.name))
        refuse(`source ${source} lacks "${column.name}"`);
    }
  }
}
