import { mkdir } from "node:fs/promises";
import path from "node:path";
import { finishRefine, inspect, planRefine, refine } from "@penstock/lake";
import { openSession, parsePlan, runPlan } from "@penstock/runtime";
import { expect, test } from "vitest";
import { type TestLake, testLake } from "./lake-fixture.ts";
import { putSmallLake } from "./small-lake.ts";

async function inputFor(lake: TestLake, key: string, run_id: string) {
  const { table, source, etag, arrived_at } = await inspect(
    { run_id, bucket: "raw", key, table: null },
    lake.ports,
  );
  if (table === null || source === null) throw new Error("refused");
  return { run_id, bucket: "raw", key, table, source, etag, arrived_at };
}

/** What the Glue job does, on DuckDB: the plan as it lies in the bucket, and nothing else. */
async function runJob(lake: TestLake, uri: `s3://${string}/${string}`): Promise<void> {
  const plan = parsePlan(await lake.store.getJson(uri));
  const folder = path.join(lake.folder, "job");
  await mkdir(folder, { recursive: true });
  await using session = await openSession({
    memoryMb: 400,
    threads: 2,
    tempDirectory: path.join(folder, "spill"),
  });
  await runPlan(plan, { session, store: lake.store, workDirectory: folder });
}

test("the plan of every table has Spark's text beside Trino's in each of its queries", async () => {
  await using lake = await testLake();
  for (const key of await putSmallLake(lake)) {
    const { plan } = await planRefine(await inputFor(lake, key, "run"), lake.ports);
    const { steps, reports } = parsePlan(await lake.store.getJson(plan));

    for (const query of [...steps, ...reports]) expect(query.spark).toMatch(/^SELECT /);
  }
});

test("what a job makes of the plan is put in place as if it had been refined on one machine", async () => {
  await using here = await testLake();
  await using there = await testLake();
  const keys = await putSmallLake(here);
  await putSmallLake(there);
  for (const key of keys.filter((_, index) => [0, 4, 6, 7].includes(index))) {
    const [onOneMachine, onGlue] = await Promise.all([
      inputFor(here, key, "run"),
      inputFor(there, key, "run"),
    ]);

    const summary = await refine(onOneMachine, here.ports);
    const { plan, result } = await planRefine(onGlue, there.ports);
    await runJob(there, plan);
    expect(await finishRefine({ ...onGlue, result }, there.ports)).toEqual(summary);
  }

  for (const bucket of ["curated", "pending", "quarantine"])
    expect(await there.objects(bucket)).toEqual(await here.objects(bucket));
});

test("a job that lost rows is refused before anything of it is put in place", async () => {
  await using lake = await testLake();
  const [key = ""] = await putSmallLake(lake);
  const input = await inputFor(lake, key, "run");
  const { plan, result } = await planRefine(input, lake.ports);
  await runJob(lake, plan);
  const answers = await lake.store.getJson(result);
  await lake.store.putJson(result, { ...(answers as object), rows_in: [{ n0: 3 }] });

  await expect(finishRefine({ ...input, result }, lake.ports)).rejects.toMatchObject({
    name: "BalanceBroken",
  });

  expect(await lake.objects("curated")).toEqual({});
});

test("a job whose curated object is gone is refused like one that lost its rows", async () => {
  await using lake = await testLake();
  const [key = ""] = await putSmallLake(lake);
  const input = await inputFor(lake, key, "run");
  const { plan, result } = await planRefine(input, lake.ports);
  await runJob(lake, plan);
  await lake.store.remove("s3://artifacts/refine/run/curated.parquet");

  await expect(finishRefine({ ...input, result }, lake.ports)).rejects.toMatchObject({
    name: "BalanceBroken",
  });
});
