import path from "node:path";
import { type MartName, marts } from "@penstock/contracts";
import { finishMarts, planMarts } from "@penstock/marts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILD, BUILT_AT, type TestMarts, testMarts } from "../marts/marts-fixture.ts";
import { order, putShop, shop } from "../marts/small-shop.ts";
import { runOnSpark, withoutSpark } from "./spark-jobs.ts";

const names = Object.keys(marts).filter((name): name is MartName => name in marts);

describe.skipIf(withoutSpark)(
  `the marts on Spark${withoutSpark ? " (run by npm run test:spark)" : ""}`,
  () => {
    let duckdb: TestMarts;
    let spark: TestMarts;
    let empty: TestMarts;

    beforeAll(async () => {
      duckdb = await zone();
      await duckdb.build();
      spark = await zone();
      await onSpark(spark);
      empty = await testMarts();
      await onSpark(empty);
    }, 600_000);

    afterAll(async () => {
      for (const each of [duckdb, spark, empty]) await each?.[Symbol.asyncDispose]();
    });

    test.each(names)("%s have the rows that DuckDB writes, in the same order and folders", async (name) => {
      expect(await spark.rows(name)).toEqual(await duckdb.rows(name));
      expect((await spark.rows(name)).length).toBeGreaterThan(0);
    });

    test("the manifest says what DuckDB's does, but for the bytes", async () => {
      const without = async (each: TestMarts) => {
        const { tables, ...numbers } = await each.manifest();
        const objects = Object.values(tables).flatMap((table) => table.objects);
        return { numbers, objects: objects.map(({ key, rows, partition }) => ({ key, rows, partition })) };
      };

      expect(await without(spark)).toEqual(await without(duckdb));
      for (const { objects } of Object.values((await spark.manifest()).tables))
        for (const { key, bytes } of objects)
          expect((await spark.store.head(`s3://marts/${key}`))?.bytes).toBe(bytes);
    });

    test("nothing is left beside the objects", async () => {
      expect(Object.keys(await spark.objects("marts")).toSorted()).toEqual(
        Object.keys(await duckdb.objects("marts")).toSorted(),
      );
    });

    test("an empty zone gives a manifest without objects", async () => {
      expect(Object.keys(await empty.objects("marts"))).toEqual([`_builds/${BUILD}.json`]);
    });
  },
);

/** The small shop, with keys that stand in two objects and a person who ordered twice at once. */
async function zone(): Promise<TestMarts> {
  const made = await testMarts();
  await putShop(made);
  const updated_at = "2025-03-01 00:00:00";
  await made.put("orders", "b", [
    ...shop.orders,
    { ...shop.orders[3], status: "shipped", updated_at },
    order("o6", "c1", "approved", "2025-02-01 08:00:00"),
  ]);
  await made.put("order_items", "b", [{ ...shop.order_items[0], quantity: 3, updated_at }]);
  await made.put("payments", "b", shop.payments);
  return made;
}

async function onSpark(zone: TestMarts): Promise<void> {
  const input = { run_id: "run", build: BUILD, current: null };
  const { plan, result } = await planMarts(input, zone.ports);
  expect(await runOnSpark({ folder: path.resolve(zone.folder) }, [plan])).toEqual([null]);
  await finishMarts({ ...input, built_at: BUILT_AT, result }, zone.ports);
}
