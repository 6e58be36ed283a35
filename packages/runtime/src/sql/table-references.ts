import { UnsupportedSql } from "../errors.ts";
import { type Predicate, predicatesOf } from "./partition-predicates.ts";
import { isNode, type Node } from "./restrictions.ts";

/** A table of the catalogue, as a statement names it. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** One place of a statement where it reads a table. */
export interface TableReference extends TableName {
  /** Name of the view that the statement reads instead. */
  readonly view: string;
  /** Where it stands, in code points of the query. */
  readonly start: number;
  /** What all rows that it reads there must meet, as far as that can be told. */
  readonly predicates: readonly Predicate[];
}

/** Athena's name for the Glue catalogue of the account. */
const CATALOG = "awsdatacatalog";

/** Replaces every table of the catalogue by the name of a view of its own, and tells which they are. */
export function takeTables(query: unknown, database: string | undefined): TableReference[] {
  const walk = new References(database);
  walk.through(query, new Set());
  return walk.found;
}

class References {
  readonly found: TableReference[] = [];
  readonly #database: string | undefined;
  readonly #predicates = new Map<unknown, readonly Predicate[]>();

  constructor(database: string | undefined) {
    this.#database = database;
  }

  /** @param own names of WITH that are known here: they hide tables */
  through(value: unknown, own: ReadonlySet<string>): void {
    if (Array.isArray(value)) {
      for (const item of value) this.through(item, own);
      return;
    }
    if (!isNode(value)) return;
    if (isNode(value.select)) {
      for (const [node, predicates] of predicatesOf(value.select)) this.#predicates.set(node, predicates);
    }
    const known = new Set(own);
    const ctes = isNode(value.with) && Array.isArray(value.with.ctes) ? value.with.ctes : [];
    for (const cte of ctes) {
      // A name is known behind its own query only: in it, it may be a table of the catalogue.
      this.through(isNode(cte) ? cte.this : undefined, new Set(known));
      if (isNode(cte)) known.add(nameOf(cte.alias) ?? "");
    }
    for (const [key, member] of Object.entries(value)) {
      if (key === "with") continue;
      // A column's `table` is the identifier of an alias, and has no parts of a table.
      if (key === "table" && isNode(member) && "schema" in member) this.#take(member, known);
      else this.through(member, known);
    }
  }

  #take(node: Node, own: ReadonlySet<string>): void {
    const table = nameOf(node.name);
    if (table === undefined) return;
    const schema = nameOf(node.schema);
    if (schema === undefined && own.has(table)) return;
    refuseHidden(schema, table);
    const catalog = nameOf(node.catalog) ?? CATALOG;
    if (catalog !== CATALOG) throw new UnsupportedSql(`the catalogue ${catalog}; there is ${CATALOG} only`);
    const database = schema ?? this.#database;
    if (database === undefined) throw new UnsupportedSql(`the table ${table} without a database`);
    const before = this.found.filter((each) => each.database === database && each.table === table).length;
    const view = `${database}.${table}${before === 0 ? "" : `#${before + 1}`}`;
    const start = startOf(node.catalog) ?? startOf(node.schema) ?? startOf(node.name) ?? 0;
    this.found.push({ database, table, view, start, predicates: this.#predicates.get(node) ?? [] });
    if (node.alias === null) Reflect.set(node, "alias", structuredClone(node.name));
    Reflect.set(node, "name", { ...Object(node.name), name: view, quoted: true });
    Reflect.set(node, "schema", null);
    Reflect.set(node, "catalog", null);
  }
}

/** Tables that Athena makes up of the catalogue. @throws UnsupportedSql */
function refuseHidden(schema: string | undefined, table: string): void {
  if (schema === "information_schema")
    throw new UnsupportedSql(`information_schema.${table}; ask the catalogue by Glue's calls (GetTables)`);
  if (table.includes("$"))
    throw new UnsupportedSql(
      `the hidden table "${table}"; ask the catalogue by Glue's calls (GetPartitions)`,
    );
}

/** Trino folds names to lower case, quoted or not. */
function nameOf(identifier: unknown): string | undefined {
  return isNode(identifier) && typeof identifier.name === "string"
    ? identifier.name.toLowerCase()
    : undefined;
}

function startOf(identifier: unknown): number | undefined {
  if (!isNode(identifier) || !isNode(identifier.span)) return undefined;
  return typeof identifier.span.start === "number" ? identifier.span.start : undefined;
}
