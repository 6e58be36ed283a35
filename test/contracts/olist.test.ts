import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type Contract,
  compileTable,
  contracts,
  glueColumns,
  resolveSource,
  tableRules,
} from "@penstock/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { forDuckDb, openDuckDb, rowsOf } from "./agreement/duckdb.ts";

const FOLDER = resolve(import.meta.dirname, "../../../shared/data/olist");
const absent = !existsSync(FOLDER) && process.env.CI === undefined;

/** Rows and broken rules as counted by the data's own keeper (Parquet), or on the CSV slice by plain SQL. */
const EXPECTED: Record<string, { rows: number; broken: Record<string, number> }> = {
  "customers.parquet": { rows: 29_355, broken: {} },
  "sellers.parquet": { rows: 3_095, broken: {} },
  "products.parquet": { rows: 32_951, broken: {} },
  "orders.parquet": {
    rows: 29_355,
    broken: {
      carrier_not_before_purchase: 43,
      carrier_not_before_approval: 352,
      delivered_not_before_carrier: 6,
    },
  },
  "order_items.parquet": { rows: 32_719, broken: {} },
  "order_payments.parquet": { rows: 30_942, broken: {} },
  "order_reviews.parquet": { rows: 14_538, broken: {} },
  "olist_customers_dataset.csv": { rows: 3_000, broken: {} },
  "olist_sellers_dataset.csv": { rows: 938, broken: {} },
  "olist_products_dataset.csv": { rows: 2_452, broken: {} },
  "olist_orders_dataset.csv": {
    rows: 3_000,
    broken: { carrier_not_before_purchase: 5, carrier_not_before_approval: 50 },
  },
  "olist_order_items_dataset.csv": { rows: 3_397, broken: {} },
  "olist_order_payments_dataset.csv": { rows: 3_170, broken: {} },
  "olist_order_reviews_dataset.csv": { rows: 2_993, broken: {} },
};

const FILES = Object.values<Contract>(contracts).flatMap((contract) =>
  (contract.sources.olist?.files ?? []).map((file) => ({
    contract,
    table: contract.name,
    file: file.startsWith("olist_") ? `${file}.csv` : `${file}.parquet`,
  })),
);

describe.skipIf(absent)("the Olist files (skipped where ../shared/data/olist is absent)", () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await openDuckDb();
  });

  test("every file of the source is looked at", () => {
    expect(FILES.map(({ file }) => file).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(FILES)(
    "$file fits the contract of $table and breaks only the rules it is known to break",
    async ({ contract, file }) => {
      // Prepare
      await view(connection, "raw", file);
      const physical = await physicalOf(connection, "raw");

      // Act
      const compiled = compiledFor(contract, physical);
      const counted = compiled.rules.map(
        ({ rule, broken }) => `count(CASE WHEN ${broken} THEN 1 END) AS "${rule}"`,
      );
      const [counts = {}] = await rowsOf(
        connection,
        forDuckDb(`SELECT count(*) AS "rows", ${counted.join(", ")} FROM raw`),
      );

      // Assess
      const { rows, ...rules } = Object.fromEntries(
        Object.entries(counts).map(([key, count]) => [key, Number(count)]),
      );
      const broken = Object.fromEntries(Object.entries(rules).filter(([, count]) => count !== 0));
      expect({ rows, broken }).toEqual(EXPECTED[file]);
    },
  );

  test("a CSV row decodes to the same curated row as its Parquet twin", async () => {
    for (const [index, { contract, table, file }] of FILES.filter(({ file }) =>
      file.endsWith(".csv"),
    ).entries()) {
      const twin = FILES.find((other) => other.table === table && other.file.endsWith(".parquet"));
      const [text, typed] = [`text_${index}`, `typed_${index}`];
      await decodedTable(connection, contract, file, text);
      await decodedTable(connection, contract, twin?.file ?? "", typed);
      // The two editions of the review texts differ in their line breaks.
      const columns = contract.columns.filter(({ freeText }) => !freeText).map(({ name }) => `"${name}"`);
      const lost = await rowsOf(
        connection,
        `SELECT ${columns} FROM ${text} EXCEPT SELECT ${columns} FROM ${typed}`,
      );
      expect(lost, file).toEqual([]);
    }
  });

  test("payments differ from items plus freight on 96 orders, and no order states a total", async () => {
    // Prepare
    await decodedTable(connection, contracts.orders, "orders.parquet", "orders");
    await decodedTable(connection, contracts.order_items, "order_items.parquet", "order_items");
    await decodedTable(connection, contracts.payments, "order_payments.parquet", "payments");

    // Act
    const given = new Set(FILES.map(({ table }) => table));
    const rules = tableRules.filter(({ tables }) => tables.every((table) => given.has(table)));
    const violations = await Promise.all(
      rules.map(async ({ name, sql }) => [name, await rowsOf(connection, forDuckDb(sql))] as const),
    );

    // Assess
    expect(violations.map(([name, rows]) => [name, rows.length])).toEqual([
      ["payments_equal_items", 96],
      ["total_equals_items", 0],
    ]);
  });

  test("46 review rows stand beyond one per review_id", async () => {
    await decodedTable(connection, contracts.reviews, "order_reviews.parquet", "reviews");
    const key = contracts.reviews.primaryKey.map((column) => `"${column}"`).join(", ");
    const [row] = await rowsOf(
      connection,
      `SELECT count(*) - count(DISTINCT (${key})) AS surplus FROM reviews`,
    );
    expect(Number(row?.surplus)).toBe(46);
  });

  test("curated columns have exactly the types that the Glue table says", async () => {
    for (const { contract, file } of FILES) {
      await decodedTable(connection, contract, file, "typed");
      const types = new Map((await physicalOf(connection, "typed")).map(({ name, type }) => [name, type]));
      for (const { name, type } of glueColumns(contract)) {
        const duckdb = type === "string" ? "VARCHAR" : type.toUpperCase();
        expect(types.get(name), `${file} ${name}`).toBe(duckdb);
      }
    }
  });
});

/** CSV as a loader that knows no types reads it: every column text, an empty cell NULL. */
async function view(connection: DuckDBConnection, name: string, file: string): Promise<void> {
  const from = file.endsWith(".csv")
    ? `read_csv('${FOLDER}/raw_csv/${file}', all_varchar = true, header = true, quote = '"', escape = '"')`
    : `read_parquet('${FOLDER}/${file}')`;
  await connection.run(`CREATE OR REPLACE TEMP VIEW ${name} AS SELECT * FROM ${from}`);
}

async function physicalOf(connection: DuckDBConnection, name: string) {
  const described = await rowsOf(connection, `DESCRIBE ${name}`);
  return described.map((column) => ({ name: String(column.column_name), type: String(column.column_type) }));
}

function compiledFor(contract: Contract, physical: readonly { name: string; type: string }[]) {
  const resolved = resolveSource(
    contract,
    physical.map((column) => column.name),
  );
  expect(resolved).toEqual({ source: "olist" });
  return compileTable(contract, "olist", physical);
}

async function decodedTable(
  connection: DuckDBConnection,
  contract: Contract,
  file: string,
  name: string,
): Promise<void> {
  await view(connection, "raw", file);
  const { decoded } = compiledFor(contract, await physicalOf(connection, "raw"));
  const columns = decoded.map(({ column, sql }) => `${sql} AS "${column}"`).join(", ");
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${forDuckDb(`SELECT ${columns} FROM raw`)}`);
}
