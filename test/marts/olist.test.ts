import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MartName } from "@penstock/contracts";
import { type Row, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCuratedOlist } from "../../bench/prod-marts-data.ts";
import { type TestMarts, testMarts } from "./marts-fixture.ts";

const data = fileURLToPath(new URL("../../../shared/data/olist", import.meta.url));

// In a pipeline the data have to be there; on a clone without them there is nothing to look at.
const absent = !existsSync(data) && !process.env.CI;

describe.skipIf(absent)(
  `the marts of the Olist tables${absent ? " (skipped: ../shared/data/olist is not there)" : ""}`,
  () => {
    let zone: TestMarts;
    let curatedRows: number;

    beforeAll(async () => {
      zone = await testMarts();
      curatedRows = await makeCuratedOlist(data, `${zone.folder}/store`, 1);
      await zone.build();
    });
    afterAll(() => zone[Symbol.asyncDispose]());

    const mart = (name: MartName) =>
      `read_parquet(${text(`${zone.folder}/store/marts/${name}/*/*/*.parquet`)}, hive_partitioning = false)`;
    const curated = (name: string) =>
      `read_parquet(${text(`${zone.folder}/store/curated/ecommerce/${name}/*/*/*/*.parquet`)}, hive_partitioning = false)`;
    const one = async (sql: string): Promise<Row> =>
      (await zone.session.rows(sql))[0] ?? expect.unreachable();

    test("revenue and pieces are the same in sales, days, regions, and products", async () => {
      const sums = (name: MartName, where = "TRUE") =>
        one(
          `SELECT sum(revenue) AS revenue, CAST(sum(quantity) AS BIGINT) AS quantity FROM ${mart(name)} WHERE ${where}`,
        );
      const sales = await sums("sales", "counts");

      expect(Number(sales.revenue)).toBeGreaterThan(3_000_000);
      expect(await sums("daily_sales")).toEqual(sales);
      expect(await sums("regional_sales")).toEqual(sales);
      expect(await sums("products")).toEqual(sales);
      expect(await one(`SELECT sum(revenue) AS r FROM ${mart("orders")} WHERE counts`)).toEqual({
        r: sales.revenue,
      });
    });

    test("what customers spent is what their orders cost", async () => {
      expect(
        await one(`SELECT count(*) AS n, sum(orders) AS o, sum(spend) AS s FROM ${mart("customers")}`),
      ).toEqual(
        await one(
          `SELECT count(DISTINCT customer_id) AS n, CAST(count(*) AS HUGEINT) AS o, sum(revenue + freight) AS s FROM ${mart("orders")} WHERE counts`,
        ),
      );
    });

    test("every curated order is in the marts, but for the 96 that break a rule", async () => {
      const manifest = await zone.manifest();
      const { n } = await one(`SELECT count(*) AS n FROM ${curated("orders")}`);

      expect(manifest.curated_rows).toBe(curatedRows);
      expect(manifest.orders_left_out).toBe(96);
      expect(manifest.tables.orders?.rows).toBe(Number(n) - 96);
      const listed = `SELECT order_id FROM read_parquet(${text(`${zone.folder}/store/audit/violations/orders.parquet`)})`;
      for (const name of ["sales", "orders"] as const)
        expect(await one(`SELECT count(*) AS n FROM ${mart(name)} WHERE order_id IN (${listed})`)).toEqual({
          n: 0,
        });
    });

    test("customers are summed as one would by grouping all orders and lines", async () => {
      const by = (sql: string) => one(`SELECT count(*) AS n, bit_xor(hash(t)) AS h FROM (${sql}) t`);

      expect(
        await by(
          `SELECT customer_id, orders, items, spend, first_purchase, last_purchase, repeat_days, favourite_category, region, city FROM ${mart("customers")}`,
        ),
      ).toEqual(
        await by(`
          SELECT o.customer_id, count(*) AS orders, CAST(coalesce(sum(l.pieces), 0) AS BIGINT) AS items,
            CAST(sum(o.revenue + o.freight) AS DECIMAL(18, 2)) AS spend, min(o.purchase_date) AS first_purchase,
            max(o.purchase_date) AS last_purchase, count(DISTINCT o.purchase_date) - 1 AS repeat_days,
            any_value(f.category) AS favourite_category,
            arg_max(o.region, (o.purchased_at, o.order_id)) AS region, arg_max(o.city, (o.purchased_at, o.order_id)) AS city
          FROM ${mart("orders")} o
          LEFT JOIN (SELECT order_id, sum(quantity) AS pieces FROM ${mart("sales")} GROUP BY order_id) l USING (order_id)
          LEFT JOIN (
            SELECT customer_id, arg_min(category, (-revenue, category)) AS category FROM (
              SELECT customer_id, category, sum(revenue) AS revenue FROM ${mart("sales")} WHERE counts GROUP BY ALL
            ) GROUP BY customer_id
          ) f USING (customer_id)
          WHERE o.counts GROUP BY o.customer_id`),
      );
    });

    test("regions are summed as one would by grouping all lines", async () => {
      const rows = (sql: string) =>
        zone.session.rows(`SELECT * FROM (${sql}) t ORDER BY month, region, category`);

      expect(
        await rows(
          `SELECT strftime(min(sale_date), '%Y-%m') AS month, region, category, CAST(sum(orders) AS BIGINT) AS orders FROM ${mart("daily_sales")} GROUP BY strftime(sale_date, '%Y-%m'), region, category`,
        ),
      ).toEqual(
        await rows(
          `SELECT strftime(purchase_date, '%Y-%m') AS month, region, category, count(DISTINCT order_id) AS orders FROM ${mart("sales")} WHERE counts GROUP BY ALL`,
        ),
      );
      const days = await one(`SELECT CAST(sum(customers) AS BIGINT) AS n FROM ${mart("daily_sales")}`);
      expect(days).toEqual(
        await one(
          `SELECT count(*) AS n FROM (SELECT DISTINCT purchase_date, region, category, customer_id FROM ${mart("sales")} WHERE counts) d`,
        ),
      );
    });

    test("there is a month for each in which something was bought, each with its own days", async () => {
      for (const { partition } of (await zone.manifest()).tables.sales?.objects ?? []) {
        const month = partition.month ?? expect.unreachable();
        const file = `${zone.folder}/store/marts/sales/*/month=${month}/*.parquet`;
        expect(
          await one(
            `SELECT min(strftime(purchase_date, '%Y-%m')) AS first, max(strftime(purchase_date, '%Y-%m')) AS last FROM read_parquet(${text(file)})`,
          ),
        ).toEqual({ first: month, last: month });
      }
      expect((await zone.manifest()).tables.sales?.objects.length).toBeGreaterThan(20);
    });
  },
);
