import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "@penstock/runtime";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { readFooter } from "../../packages/lake/src/parquet-footer.ts";
import { type TestLake, testLake } from "./lake-fixture.ts";

/** Types that DuckDB writes, as values. */
const written = {
  boolean: "true",
  tinyint: "1::TINYINT",
  smallint: "1::SMALLINT",
  integer: "1::INTEGER",
  bigint: "1::BIGINT",
  utinyint: "1::UTINYINT",
  usmallint: "1::USMALLINT",
  uinteger: "1::UINTEGER",
  ubigint: "1::UBIGINT",
  hugeint: "1::HUGEINT",
  float: "1::FLOAT",
  double: "1::DOUBLE",
  decimal_small: "1::DECIMAL(4,1)",
  decimal: "1::DECIMAL(10,2)",
  decimal_large: "1::DECIMAL(38,6)",
  varchar: "'x'",
  blob: "'x'::BLOB",
  date: "DATE '2025-01-16'",
  time: "TIME '08:00:00'",
  timestamp: "TIMESTAMP '2025-01-16 08:00:00'",
  timestamp_s: "TIMESTAMP_S '2025-01-16 08:00:00'",
  timestamp_ms: "TIMESTAMP_MS '2025-01-16 08:00:00'",
  timestamp_ns: "TIMESTAMP_NS '2025-01-16 08:00:00'",
  timestamp_zoned: "TIMESTAMPTZ '2025-01-16 08:00:00+00'",
  uuid: "uuid()",
  interval: "INTERVAL 1 DAY",
};

async function footerAndDuckDB(lake: TestLake, file: string): Promise<{ footer: unknown; duckdb: unknown }> {
  await lake.putBytes("types.parquet", await readFile(file));
  const object = await lake.store.head("s3://raw/types.parquet");
  if (object === undefined) throw new Error("the file is not there");
  const footer = (await readFooter(lake.store, object)).columns;
  return { footer, duckdb: await lake.session.describe(`read_parquet(${text(file)})`) };
}

test("a footer tells the types that DuckDB reads, for every type that DuckDB writes", async () => {
  await using lake = await testLake();
  const file = path.join(lake.folder, "types.parquet");
  const columns = Object.entries(written).map(([name, value]) => `${value} AS "${name}"`);
  await lake.session.run(`COPY (SELECT ${columns.join(", ")}) TO ${text(file)} (FORMAT parquet)`);

  const { footer, duckdb } = await footerAndDuckDB(lake, file);

  expect(footer).toEqual(duckdb);
});

test("a footer tells the types that DuckDB reads, in files of another writer", async () => {
  await using lake = await testLake();
  const file = path.join(lake.folder, "other.parquet");
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "text", data: ["a"], type: "STRING" },
      { name: "int32", data: [1], type: "INT32" },
      { name: "int64", data: [1n], type: "INT64" },
      { name: "double", data: [1.5], type: "DOUBLE" },
      { name: "boolean", data: [true], type: "BOOLEAN" },
      { name: "moment", data: [new Date(0)], type: "TIMESTAMP" },
      { name: "bytes", data: [new Uint8Array([1])], type: "BYTE_ARRAY" },
    ],
  });
  await writeFile(file, Buffer.from(buffer));

  const { footer, duckdb } = await footerAndDuckDB(lake, file);

  expect(footer).toEqual(duckdb);
});
