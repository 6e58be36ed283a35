import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type JsonRow, type TestLake, testLake } from "../lake/lake-fixture.ts";

const columns = {
  product_id: "VARCHAR",
  category: "VARCHAR",
  name: "VARCHAR",
  price: "DECIMAL(10,2)",
  is_active: "BOOLEAN",
  weight_g: "BIGINT",
  updated_at: "TIMESTAMP",
};

type Product = {
  readonly product_id: string;
  readonly category: string | null;
  readonly name: string | null;
  readonly price: number | null;
  readonly is_active: boolean | null;
  readonly weight_g: number | null;
  readonly updated_at: string | null;
};

/** Few keys, few values and few days, so that keys repeat, rows are copies, and dates are equal or missing. */
const product: fc.Arbitrary<Product> = fc.record({
  product_id: fc.constantFrom("p1", "p2", "P1", "p10", "-", "_"),
  category: fc.constantFrom("toys", null),
  name: fc.constantFrom("", "a", "Z", "ä", "😀", "\uFFFD", null),
  price: fc.constantFrom(0, 0.01, 9.99, null),
  is_active: fc.constantFrom(true, false, null),
  weight_g: fc.constantFrom(9, 10, null),
  updated_at: fc.constantFrom(
    "2025-01-01T00:00:00",
    "2025-01-01T00:00:00.000001",
    "2025-02-01T00:00:00",
    null,
  ),
});

const compared = ["category", "name", "price", "is_active", "weight_g"] as const;

/** Which of two rows of one key counts, said once more and differently: negative when `a` does. */
function byPrecedence(a: Product, b: Product): number {
  if (a.updated_at !== b.updated_at) {
    if (a.updated_at === null || b.updated_at === null) return a.updated_at === null ? 1 : -1;
    return a.updated_at > b.updated_at ? -1 : 1;
  }
  for (const column of compared) {
    const [left, right] = [a[column], b[column]];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    if (typeof left === "string" && typeof right === "string")
      return Buffer.compare(Buffer.from(left), Buffer.from(right));
    return left < right ? -1 : 1;
  }
  return 0;
}

function expected(rows: readonly Product[]): Product[] {
  return [...Map.groupBy(rows, (row) => row.product_id).values()]
    .flatMap((same) => same.toSorted(byPrecedence).slice(0, 1))
    .toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1));
}

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake({ plain: true });
});
afterAll(() => lake[Symbol.asyncDispose]());

async function refined(rows: readonly JsonRow[]) {
  const { uris, ...summary } = await lake.arrive(await lake.put("products", "a", columns, rows));
  const found = await lake.rows(uris.curated, "product_id");
  const [bytes] = Object.values(await lake.objects("curated"));
  return {
    summary,
    bytes,
    curated: found?.map((row) => Object.fromEntries(Object.keys(columns).map((name) => [name, row[name]]))),
  };
}

test("of rows with one key the latest stays, NULL last, then the first in the order of all columns; the rest are counted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(product, { maxLength: 60 }), fc.nat(), async (rows, turn) => {
      const at = rows.length === 0 ? 0 : turn % rows.length;
      const once = await refined(rows);
      const rotated = await refined([...rows.slice(at), ...rows.slice(0, at)].toReversed());

      expect(once.curated).toEqual(expected(rows));
      expect(once.summary).toMatchObject({
        rows_in: rows.length,
        duplicates: rows.length - expected(rows).length,
      });
      expect(rotated).toEqual(once);
    }),
    { numRuns: 15 },
  );
});
