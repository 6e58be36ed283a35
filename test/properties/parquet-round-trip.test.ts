import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { contracts } from "@penstock/contracts";
import fc from "fast-check";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawKeyOf, type TestLake, testLake } from "../lake/lake-fixture.ts";

/**
 * Sound orders with values at the edges. Written by one Parquet writer (hyparquet's), refined (DuckDB reads and writes),
 * and read by one reader (hyparquet again): three implementations have to agree on every value.
 */
const moment = fc
  .bigInt({ min: 0n, max: 4_102_444_799_999_999n })
  .map((micros) => micros)
  .map((micros) => (micros / 1000n) * 1000n);

const amount = fc.integer({ min: 0, max: 999_999_999 }).map((cents) => cents / 100);
const text = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((value) => value.isWellFormed() && !/[0-9]{4}/.test(value) && !value.includes("\0"));

const row = fc.record({
  product_id: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  category: fc.option(text.filter((value) => value.length > 0)),
  name: fc.option(text),
  description: fc.option(
    fc.oneof(text, fc.constantFrom("", "\n", "a\nb", "\t", "é", "e\u0301", "👩‍👩‍👧", "'; --", '"')),
  ),
  price: fc.option(amount),
  is_active: fc.option(fc.boolean()),
  weight_g: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  updated_at: fc.option(moment),
});
type Written = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake({ plain: true });
});
afterAll(() => lake[Symbol.asyncDispose]());

async function throughTheLake(
  rows: readonly Written[],
): Promise<{ curated: number; read: Record<string, unknown>[] }> {
  const of = <Name extends keyof Written>(name: Name) => rows.map((one) => one[name]);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "product_id", data: of("product_id"), type: "STRING" },
      { name: "category", data: of("category"), type: "STRING", nullable: true },
      { name: "name", data: of("name"), type: "STRING", nullable: true },
      { name: "description", data: of("description"), type: "STRING", nullable: true },
      { name: "price", data: of("price"), type: "DOUBLE", nullable: true },
      { name: "is_active", data: of("is_active"), type: "BOOLEAN", nullable: true },
      {
        name: "weight_g",
        data: of("weight_g").map((value) => (value === null ? null : BigInt(value))),
        type: "INT64",
        nullable: true,
      },
      {
        name: "updated_at",
        data: of("updated_at").map((micros) => (micros === null ? null : new Date(Number(micros / 1000n)))),
        type: "TIMESTAMP",
        nullable: true,
      },
    ],
  });
  const key = rawKeyOf("products", "a");
  await lake.putBytes(key, new Uint8Array(buffer));
  const { curated, uris } = await lake.arrive(key);
  const file = path.join(lake.folder, "read.parquet");
  await writeFile(file, await readFile(path.join(lake.folder, "store", uris.curated.slice("s3://".length))));
  return { curated, read: await parquetReadObjects({ file: await asyncBufferFromFile(file), compressors }) };
}

test("what goes in comes out: text, amounts, flags, numbers and moments survive two writers and two readers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { maxLength: 40, selector: ({ product_id }) => product_id }),
      async (rows) => {
        const { curated, read } = await throughTheLake(rows);

        expect(curated).toBe(rows.length);
        const found = read.map(
          ({ product_id, category, name, description, price, is_active, weight_g, updated_at }) => ({
            product_id,
            category,
            name,
            description,
            // The reader multiplies the stored cents by 0.01, which is not the nearest double.
            price: typeof price === "number" ? Math.round(price * 100) / 100 : price,
            is_active,
            weight_g: weight_g === null ? null : Number(weight_g),
            updated_at: updated_at instanceof Date ? BigInt(updated_at.getTime()) * 1000n : updated_at,
          }),
        );
        expect(found).toEqual(rows.toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1)));
      },
    ),
    { numRuns: 20 },
  );
});

test("a curated row is valid by the contract that it was checked with", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { minLength: 1, maxLength: 10, selector: ({ product_id }) => product_id }),
      async (rows) => {
        const { read } = await throughTheLake(rows);
        for (const { updated_at, weight_g, ...one } of read) {
          const record = {
            ...one,
            weight_g: weight_g === null ? null : Number(weight_g),
            updated_at: updated_at instanceof Date ? updated_at.toISOString().replace("Z", "") : null,
          };
          expect(v.safeParse(contracts.products.schema, record).issues).toBeUndefined();
        }
      },
    ),
    { numRuns: 10 },
  );
});
