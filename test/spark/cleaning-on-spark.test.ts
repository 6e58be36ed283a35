import { isS3Uri, type Row } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CleanResult } from "../../packages/features/src/clean-result.ts";
import { DAY, event, type RawRun, rawRun, rawSettings } from "../features/raw-run.ts";
import { runOnSpark, withoutSpark } from "./spark-jobs.ts";

const DAYS = ["2026-11-17", "2026-11-18", "2026-11-19", DAY];

/** What one engine wrote: rows by table, and what it counted. */
interface Cleaned {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly counted: unknown;
}

describe.skipIf(withoutSpark)(
  `cleaning on Spark${withoutSpark ? " (run by npm run test:spark)" : ""}`,
  () => {
    let run: RawRun;
    let duckdb: Cleaned;
    let spark: Cleaned;

    beforeAll(async () => {
      const limits = { ...rawSettings.validation, duplicates: 1, order: 1, products: 1 };
      run = await rawRun({ settings: { validation: limits, landMaxBytes: 10_000_000 } });
      await putDays(run);
      const planned = await run.plan();
      await run.land(planned);
      const verdict = await run.judge(planned);
      await run.clean(verdict);
      const read = () => cleaned(run, planned.attempt, verdict.clean?.result);
      duckdb = await read();
      const plan = verdict.clean?.plan;
      expect(await runOnSpark(run, plan === undefined ? [] : [plan])).toEqual([null]);
      spark = await read();
    }, 600_000);

    afterAll(() => run?.[Symbol.asyncDispose]());

    test.each(["interactions", "products", "users"])(
      "%s have the rows that DuckDB writes, in the same order",
      (table) => {
        expect(spark.rows[table]).toEqual(duckdb.rows[table]);
        expect(spark.rows[table]?.length).toBeGreaterThan(0);
      },
    );

    test("as many rows are removed for each reason, and each reason is there", () => {
      expect(spark.counted).toEqual(duckdb.counted);
      expect(duckdb.counted).toMatchObject({
        duplicate: expect.any(Number),
        "bot.minute": 7,
        "bot.day": 21,
        "bot.session": 5,
        inactive_product: expect.any(Number),
      });
    });
  },
);

async function cleaned(run: RawRun, attempt: string, result: string | undefined): Promise<Cleaned> {
  if (!isS3Uri(result)) throw new Error("the run did not go on to cleaning");
  const { removed } = v.parse(CleanResult, await run.store.getJson(result));
  const rows: Record<string, readonly Row[]> = {};
  for (const table of ["interactions", "products", "users"])
    rows[table] = await run.rows(`s3://features/clean/${attempt}/${table}/`);
  return { rows, counted: Object.fromEntries(removed.map((each) => [each.reason, each.rows])) };
}

/** Days with everything that cleaning looks at: repeated ids near and far, bots of each kind, products that come and go. */
async function putDays(run: RawRun): Promise<void> {
  await run.catalogue("products", "2026-11-17", [
    { product_id: "p1", category: "Toys", brand: "Ä & Ö", price: 10.5, created_at: "2025-01-01T00:00:00" },
    { product_id: "p2", category: "games", is_active: false },
  ]);
  await run.catalogue("products", "2026-11-19", [
    { product_id: "p1", price: 12 },
    { product_id: "p2", avg_rating: 4.2 },
  ]);
  await run.catalogue("users", "2026-11-17", [
    ...["u1", "u2", "fast", "much", "hammer"].map((user_id) => ({ user_id, customer_segment: "New" })),
  ]);
  for (const [index, day] of DAYS.entries()) {
    const at = (minutes: number) => ({
      timestamp: new Date(Date.parse(`${day}T08:00:00Z`) + minutes * 60_000 + 1).toISOString(),
    });
    await run.put(day, [
      event("again", at(0)),
      event("again", { ...at(0), interaction_type: "purchase" }),
      event(`every-other-${index % 2}`, at(1)),
      event(`p2-${day}`, { ...at(2), product_id: "p2", rating: 4.5, page_context: null }),
      event(`gone-${day}`, { ...at(3), product_id: "nobodys", device_type: null }),
    ]);
  }
  const at = (minutes: number) => ({
    timestamp: new Date(Date.parse(`${DAY}T12:00:00Z`) + minutes * 60_000).toISOString(),
  });
  await run.put(
    DAY,
    [
      ...Array.from({ length: 7 }, (_, n) =>
        event(`f${n}`, { user_id: "fast", ...at(0), product_id: `x${n}` }),
      ),
      ...Array.from({ length: 21 }, (_, n) =>
        event(`m${n}`, { user_id: "much", ...at(n * 2), product_id: `x${n}` }),
      ),
      ...Array.from({ length: 5 }, (_, n) =>
        event(`h${n}`, { user_id: "hammer", ...at(n * 2), session_id: "one" }),
      ),
    ],
    { name: "bots.jsonl" },
  );
}
