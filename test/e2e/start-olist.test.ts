import { existsSync } from "node:fs";
import { join } from "node:path";
import { openSession } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bucketsOf } from "../../packages/local/src/main-job/run.ts";
import { renderProgram } from "../../packages/local/src/render/index.ts";
import { discard, type Ended, penstockStart, printedTable, root } from "./start-command.ts";

const olist = join(root, "../shared/data/olist");
// In CI the data must be there: a test that is skipped proves nothing.
const absent = !existsSync(olist) && process.env.CI === undefined;

describe.skipIf(absent)("penstock start on the Olist tables (skipped without ../shared/data)", () => {
  let ended: Ended;
  let count: (sql: string) => Promise<number>;

  beforeAll(async () => {
    ended = await penstockStart("--data", "../shared/data/olist", "--keep");
    count = await counterOver(ended);
  }, 600_000);
  afterAll(() => discard(ended));

  it("ends with status 0 and accounts for every row of the seven tables", () => {
    const table = printedTable(ended.output);

    expect(ended.errors).toBe("");
    expect(ended.status).toBe(0);
    expect(
      Object.fromEntries(
        [...table].filter(([name]) => name !== "total").map(([name, line]) => [name, line.rowsIn]),
      ),
    ).toEqual({
      customers: 29_355,
      sellers: 3095,
      products: 32_951,
      orders: 29_355,
      order_items: 32_719,
      payments: 30_942,
      reviews: 14_538,
    });
  });

  it("finds the orders with moments out of order again, in quarantine", async () => {
    const rejectedFor = (rule: string): Promise<number> =>
      count(`SELECT count(*) FROM QUARANTINE('rows/orders') WHERE list_contains(_reasons, '${rule}')`);

    expect(await rejectedFor("carrier_not_before_purchase")).toBe(43);
    expect(await rejectedFor("carrier_not_before_approval")).toBe(352);
    expect(await rejectedFor("delivered_not_before_carrier")).toBe(6);
    expect(await rejectedFor("approved_not_before_purchase")).toBe(0);
  });

  it("finds the orders again whose payments differ from their items and freight", async () => {
    expect(await count("SELECT count(*) FROM AUDIT('violations') WHERE rule = 'payments_equal_items'")).toBe(
      96,
    );
  });

  it("keeps one row of each review id", async () => {
    const [curated, waiting, distinct] = [
      await count("SELECT count(*) FROM CURATED('ecommerce/reviews')"),
      await count("SELECT count(*) FROM PENDING('ecommerce/reviews')"),
      await count(`SELECT count(DISTINCT review_id) FROM
        (SELECT review_id FROM CURATED('ecommerce/reviews') UNION ALL SELECT review_id FROM PENDING('ecommerce/reviews'))`),
    ];

    expect(14_538 - curated - waiting).toBe(46);
    expect(distinct).toBe(curated + waiting);
  });
});

describe.skipIf(absent)("penstock start on Olist's CSV files (skipped without ../shared/data)", () => {
  it("reads every row, line breaks in reviews included", async () => {
    const ended = await penstockStart("--data", "../shared/data/olist/raw_csv");

    const table = printedTable(ended.output);
    expect(ended.errors).toBe("");
    expect(ended.status).toBe(0);
    expect(
      Object.fromEntries(
        [...table].filter(([name]) => name !== "total").map(([name, line]) => [name, line.rowsIn]),
      ),
    ).toEqual({
      customers: 3000,
      sellers: 938,
      products: 2452,
      orders: 3000,
      order_items: 3397,
      payments: 3170,
      reviews: 2993,
    });
    expect(ended.output).toContain("UnknownTable");
  }, 300_000);
});

/** Runs one counting query over the kept objects; `CURATED('prefix')` stands for all Parquet objects under a prefix. */
async function counterOver({ kept, output }: Ended): Promise<(sql: string) => Promise<number>> {
  if (kept === undefined) throw new Error(`nothing was kept:\n${output}`);
  const buckets = bucketsOf(await renderProgram({ root, stage: "local" }));
  return async (sql) => {
    const read = sql.replace(
      /(CURATED|PENDING|QUARANTINE|AUDIT)\('([^']+)'\)/g,
      (_, name: string, prefix: string) => {
        const bucket = {
          CURATED: "curated",
          PENDING: "pending",
          QUARANTINE: "quarantine",
          AUDIT: "audit",
        } as const;
        const known = Object.entries(bucket).find(([word]) => word === name)?.[1] ?? "curated";
        return `read_parquet('${join(kept, buckets[known], prefix)}/**/*.parquet', hive_partitioning = false)`;
      },
    );
    await using session = await openSession({
      memoryMb: 512,
      threads: 1,
      tempDirectory: join(kept, "duckdb"),
    });
    const [row] = await session.rows(read);
    return Number(Object.values(row ?? {})[0]);
  };
}
