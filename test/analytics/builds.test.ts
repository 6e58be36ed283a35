import { retailCopilot } from "@penstock/analytics";
import { expect, test } from "vitest";
import { type Shop, testShop } from "./shop.ts";

const builds = [1, 2, 3, 4].map((day) => `2026110${day}T000000Z-00000${day}`);
const PLACE = "s3://prod_retail_copilot";

/** The system that needs no marts, with a query to report of. */
async function report({ store, ports }: Shop, build: string, current: string | null = null): Promise<void> {
  const manifest = "s3://marts/_builds/any.json";
  await store.putJson(manifest, {
    build,
    built_at: "2026-11-01T00:00:00Z",
    as_of: null,
    curated_rows: 0,
    orders_left_out: 0,
    tables: {},
  });
  await retailCopilot({ run_id: "r", build, built_at: "2026-11-01T00:00:00Z", manifest, current }, ports);
}

async function withHistory(): Promise<Shop> {
  const submittedAt = new Date("2026-11-20T10:00:00Z");
  const sql = "SELECT region FROM sales";
  return testShop([{ sql, state: "SUCCEEDED", submittedAt, seconds: 1, scannedBytes: 1 }]);
}

/** Builds of which the bucket holds rows and head. */
async function kept({ store }: Shop): Promise<string[]> {
  const uris: string[] = [];
  for await (const { uri } of store.list(`${PLACE}/`)) uris.push(uri);
  const whole = (build: string) => uris.filter((uri) => uri.includes(build)).length === 2;
  return builds.filter(whole);
}

test("of superseded builds the last two stay, and what a failed one left goes with the older ones", async () => {
  await using shop = await withHistory();
  const failed = `${PLACE}/query_patterns/build=20261031T000000Z-000000/part-0.parquet` as const;
  await shop.store.putJson(failed, {});

  for (const build of builds) await report(shop, build);

  expect(await kept(shop)).toEqual(builds.slice(1));
  expect(await shop.store.head(failed)).toBeUndefined();
});

test("the build that is read stays, however many were written since", async () => {
  await using shop = await withHistory();
  const [current = ""] = builds;

  for (const build of builds) await report(shop, build, current);

  expect(await kept(shop)).toEqual(builds);
});

test("a later build is not cleared away by the task of an earlier one", async () => {
  await using shop = await withHistory();

  for (const build of builds.toReversed()) await report(shop, build);

  expect(await kept(shop)).toEqual(builds);
});
