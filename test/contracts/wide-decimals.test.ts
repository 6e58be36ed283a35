import { compileTable, decodeRecord } from "@penstock/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { forDuckDb, load, openDuckDb, rowsOf } from "./agreement/duckdb.ts";
import { physicalColumns } from "./agreement/layouts.ts";
import { probe } from "./agreement/probe.ts";

test("a decimal of more digits than a double holds becomes the double nearest to it, as in JavaScript", async () => {
  // Prepare: DuckDB's own cast of such a decimal misses the nearest double once in some hundred.
  const connection = await openDuckDb();
  const columns = physicalColumns(probe, { double: ["DECIMAL(38,18)"] });
  const digits = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }))
    .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(18, "0")}`);
  const numbers = fc.sample(digits, 5_000);
  const cells = (text: string) => columns.map(({ name }) => (name === "double" ? text : null));
  await load(connection, "raw_rows", columns, numbers.map(cells));

  // Act
  const { decoded } = compileTable(probe, "penstock", columns);
  const sql = decoded.find(({ column }) => column === "double")?.sql;
  const query = forDuckDb(`SELECT row_number, ${sql} AS number FROM raw_rows`);
  const rows = await rowsOf(connection, `${query} ORDER BY row_number`);

  // Assess
  const expected = numbers.map((text) => decodeRecord(probe, "penstock", { double: text }).double);
  expect(rows.map(({ number }) => number)).toEqual(expected);
});
