import path from "node:path";
import {
  type CatalogueSnapshot,
  type CatalogueTable,
  type Contract,
  catalogueProducts,
  catalogueUsers,
  compileTable,
  type PhysicalColumn,
  sqlType,
} from "@penstock/contracts";
import {
  ContractViolation,
  type DuckSession,
  identifier,
  inParallel,
  type S3Uri,
  text,
  toEngine,
} from "@penstock/runtime";
import type { ObjectState } from "./catalogue-digests.ts";
import { maskedRows } from "./catalogue-masking.ts";
import { brokenRows, PLACES, quarantineRows } from "./catalogue-quarantine.ts";
import { downloadPlanned } from "./planned-object.ts";
import type { FeaturesPorts } from "./ports.ts";

/** The first and the day after the last that a version can hold: none is before or after them. */
const FIRST_DAY = "0001-01-01";
const NO_DAY = "9999-12-31";

const CONTRACTS = { products: catalogueProducts, users: catalogueUsers } as const;

/** Columns that are words of a few, which shops write in many ways. */
const WORDS: ReadonlySet<string> = new Set(["category", "subcategory", "brand", "customer_segment"]);

/** What of a product an interaction carries, and whether it was for sale. */
const ATTRIBUTES = ["category", "subcategory", "brand", "price", "is_active"] as const;

/** What became of a catalogue's snapshots. */
export interface ReadCatalogue {
  /** Rows that break the contract, and where they are now; no other table has them. */
  readonly broken: number;
  readonly quarantine: readonly S3Uri[];
  /** The objects that were read, each in the state that it had, with its copy on local disk. */
  readonly objects: readonly (ObjectState & { readonly file: string })[];
}

/**
 * Reads catalogues into tables of a session: `<table>_rows` (every sound row with its snapshot), and `<table>` (what was
 * known when the day `to` ended, one row a key), their free text masked. Rows that break the contract go to quarantine.
 *
 * What two sources know is the first source's by name.
 * @throws ObjectChanged, ObjectMissing when an object is another one than was planned, or none
 */
export async function readCatalogue(
  table: CatalogueTable,
  snapshots: readonly CatalogueSnapshot[],
  {
    to,
    folder,
    session,
    ports,
  }: {
    readonly to: string;
    readonly folder: string;
    readonly session: DuckSession;
    readonly ports: Pick<FeaturesPorts, "store" | "settings">;
  },
): Promise<ReadCatalogue> {
  const contract: Contract = CONTRACTS[table];
  const planned = snapshots.flatMap(({ objects: of }, snapshot) =>
    of.map((object) => ({ object, snapshot })),
  );
  const objects = await inParallel(planned, async ({ object, snapshot }, index) => {
    const file = path.join(folder, table, `snapshot=${snapshot}`, `object=${index}`, "rows.parquet");
    const { uri, etag } = await downloadPlanned(object, file, ports.store);
    return { uri, etag, file };
  });
  const [key = ""] = contract.primaryKey;
  const columns = contract.columns
    .map((column) => `${identifier(column.name)} ${sqlType(column)}`)
    .join(", ");
  await session.run(`CREATE TABLE ${table}_read (snapshot INTEGER, sound BOOLEAN, ${columns})`);
  const shapes = await byShape(
    contract,
    objects.map(({ file }) => file),
    session,
  );
  for (const [shape, members] of shapes)
    await session.run(`INSERT INTO ${table}_read ${soundRows(contract, shape, members)}`);
  const [counted] = await session.rows(`SELECT count(*) FILTER (NOT sound) AS broken FROM ${table}_read`);
  const broken = Number(counted?.broken ?? 0);
  const sources = [...new Set(snapshots.map(({ source }) => source))];
  const held = snapshots.map(({ source, date }, index) => {
    const [before, next] = [snapshots[index - 1], snapshots[index + 1]];
    const isKnown = date <= to || before?.source !== source;
    return {
      source: sources.indexOf(source),
      last: isKnown && (next?.source !== source || next.date > to),
    };
  });
  const list = (values: readonly unknown[]) => `list_extract([${values.join(", ")}], snapshot + 1)`;
  const values = contract.columns.map(({ name }) => valueSql(name)).join(", ");
  const names = contract.columns.map(({ name }) => identifier(name)).join(", ");
  await session.run(`CREATE TABLE ${table}_rows AS
    SELECT snapshot, ${held.length === 0 ? "0" : list(held.map(({ source }) => source))} AS source, ${values}
    FROM (${maskedRows(contract, `FROM ${table}_read WHERE sound`)})`);
  // One row a key within a snapshot: repeated ones differ in nothing that could decide, so the order of all columns does. Only
  // they are ordered; in most catalogues there is none.
  await session.run(`DELETE FROM ${table}_rows WHERE rowid IN (
    SELECT place FROM (
      SELECT r.rowid AS place, row_number() OVER (PARTITION BY snapshot, ${identifier(key)} ORDER BY ${names}) AS nth
      FROM ${table}_rows r
      SEMI JOIN (SELECT snapshot, ${identifier(key)} FROM ${table}_rows GROUP BY ALL HAVING count(*) > 1) t
      USING (snapshot, ${identifier(key)})
    ) WHERE nth > 1)`);
  // Of one source no more than one snapshot is its last, and has each key once.
  const once =
    sources.length < 2
      ? ""
      : `QUALIFY row_number() OVER (PARTITION BY ${identifier(key)} ORDER BY source) = 1`;
  await session.run(`CREATE TABLE ${table} AS
    SELECT ${names} FROM ${table}_rows
    WHERE ${held.length === 0 ? "FALSE" : list(held.map(({ last }) => last))} ${once}`);
  await session.run(`DROP TABLE ${table}_read`);
  if (broken === 0) return { broken, quarantine: [], objects };
  const rows = shapes.map(([shape, members]) => brokenRows(contract, shape, filesSql(members)));
  await session.run(`CREATE TABLE ${table}_broken AS ${rows.map((sql) => `(${sql})`).join(" UNION ALL ")}`);
  const uris = objects.map(({ uri }) => uri);
  return {
    broken,
    quarantine: await quarantineRows(table, snapshots, uris, { folder, session, ports }),
    objects,
  };
}

/**
 * Makes the table `product_versions`: what a product was from a day up to but not including another, as the catalogue of
 * each day says. A product that a catalogue no longer has is unknown from there on; before the first catalogue that holds.
 */
export async function makeVersions(
  snapshots: readonly CatalogueSnapshot[],
  session: DuckSession,
): Promise<void> {
  const dates = snapshots.map(({ source, holds_from }, index) => {
    const next = snapshots[index + 1];
    return {
      from: snapshots[index - 1]?.source === source ? holds_from : FIRST_DAY,
      to: next?.source === source ? next.holds_from : NO_DAY,
    };
  });
  const list = (values: readonly string[]) =>
    values.length === 0 ? "NULL" : `list_extract([${values.map(text).join(", ")}], snapshot + 1)`;
  const attributes = ATTRIBUTES.join(", ");
  const same = ATTRIBUTES.map((name) => `lag(${name}) OVER versions IS NOT DISTINCT FROM ${name}`).join(
    " AND ",
  );
  await session.run(`CREATE TABLE product_versions AS
    SELECT product_id, min(${list(dates.map(({ from }) => from))}) AS valid_from,
      max(${list(dates.map(({ to }) => to))}) AS valid_to, ${ATTRIBUTES.map((name) => `any_value(${name}) AS ${name}`).join(", ")}
    FROM (
      SELECT product_id, snapshot, ${attributes}, sum(CASE WHEN continues THEN 0 ELSE 1 END)
        OVER (PARTITION BY product_id ORDER BY snapshot ROWS UNBOUNDED PRECEDING) AS version
      FROM (
        SELECT product_id, snapshot, ${attributes},
          COALESCE(lag(snapshot) OVER versions = snapshot - 1 AND ${same}, FALSE) AS continues
        FROM (SELECT * FROM products_rows QUALIFY source = min(source) OVER (PARTITION BY product_id))
        WINDOW versions AS (PARTITION BY product_id ORDER BY snapshot)
      )
    ) GROUP BY product_id, version`);
}

function valueSql(name: string): string {
  const column = identifier(name);
  if (name === "is_active") return `COALESCE(${column}, TRUE) AS ${column}`;
  if (!WORDS.has(name)) return column;
  return `nullif(trim(regexp_replace(lower(${column}), '\\s+', ' ', 'g')), '') AS ${column}`;
}

/** The files by the columns of the contract that they have, so that those of one form are read at once. */
async function byShape(
  contract: Contract,
  files: readonly string[],
  session: DuckSession,
): Promise<[PhysicalColumn[], string[]][]> {
  const known = new Set(contract.columns.map(({ name }) => name));
  const shapes = new Map<string, [PhysicalColumn[], string[]]>();
  for (const file of files) {
    const all = await session.describe(`read_parquet(${text(file)}, hive_partitioning = false)`);
    const shape = all.filter(({ name }) => known.has(name));
    const missing = contract.columns.filter(
      ({ name, optional }) => !optional && !shape.some((column) => column.name === name),
    );
    if (missing.length > 0)
      throw new ContractViolation(
        `a snapshot of ${contract.name} lacks the column ${missing.map(({ name }) => name).join(", ")}`,
      );
    const name = JSON.stringify(shape);
    const group = shapes.get(name) ?? [shape, []];
    shapes.set(name, group);
    group[1].push(file);
  }
  return [...shapes.values()];
}

/** The rows of files of one form as the contract's columns, `sound` where they break no rule. */
function soundRows(contract: Contract, shape: readonly PhysicalColumn[], files: readonly string[]): string {
  const { decoded, rules } = compileTable(contract, "penstock", shape);
  const values = decoded.map(({ column, sql }) => `${sql} AS ${identifier(column)}`).join(", ");
  const broken = rules.map(({ broken: condition }) => `(${condition})`).join(" OR ");
  const query = toEngine(
    `SELECT "snapshot", NOT (${broken === "" ? "FALSE" : broken}) AS "sound", ${values} FROM files`,
    "duckdb",
  );
  return `WITH files AS (${filesSql(files)}) ${query}`;
}

/** The rows of files, with the snapshot and the object that their folders name. */
function filesSql(files: readonly string[]): string {
  const places = PLACES.map((name) => `'${name}': INTEGER`).join(", ");
  return `SELECT * FROM read_parquet([${files.map(text).join(", ")}], hive_partitioning = true, hive_types = {${places}}, file_row_number = true)`;
}
