import path from "node:path";
import { finishMarts, planMarts } from "@penstock/marts";
import { openSession, parsePlan, runPlan } from "@penstock/runtime";
import { expect, test } from "vitest";
import { BUILD, BUILT_AT, type TestMarts, testMarts } from "./marts-fixture.ts";
import { putShop } from "./small-shop.ts";

/** What the Glue job does, on DuckDB: the plan as it lies in the bucket, and nothing else. */
async function runJob(zone: TestMarts, uri: `s3://${string}/${string}`): Promise<void> {
  await using session = await openSession({
    memoryMb: 400,
    threads: 2,
    tempDirectory: path.join(zone.folder, "job-spill"),
  });
  const plan = parsePlan(await zone.store.getJson(uri));
  await runPlan(plan, { session, store: zone.store, workDirectory: path.join(zone.folder, "job") });
}

test("what the plan for Glue writes is what the Lambda writes, and ends in the same summary", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  const expected = await zone.build();
  const before = await zone.objects("marts");

  const { plan, result } = await planMarts({ run_id: "run", build: BUILD, current: null }, zone.ports);
  await runJob(zone, plan);
  const summary = await finishMarts(
    { run_id: "run", build: BUILD, built_at: BUILT_AT, current: null, result },
    zone.ports,
  );

  expect(summary).toEqual(expected);
  expect(await zone.objects("marts")).toEqual(before);
});

test("every query of the plan has Spark's text beside Trino's", async () => {
  await using zone = await testMarts();
  await putShop(zone);

  const { plan } = await planMarts({ run_id: "run", build: BUILD, current: null }, zone.ports);

  const { steps, reports } = parsePlan(await zone.store.getJson(plan));
  for (const { spark } of [...steps, ...reports]) expect(spark).toMatch(/^SELECT /);
});

test("the engine goes by the bytes of the curated zone", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  const input = { run_id: "run", build: BUILD, current: null };
  const small = await planMarts(input, zone.ports);

  const { curated_bytes } = small;
  const settings = { ...zone.ports.settings, lambdaMaxBytes: curated_bytes - 1 };
  const large = await planMarts(input, { ...zone.ports, settings });

  expect(small.engine).toBe("lambda");
  expect(large).toEqual({ ...small, engine: "glue" });
});

test("FinishMarts fails with ObjectMissing when the job left no answers", async () => {
  await using zone = await testMarts();
  const input = { run_id: "run", build: BUILD, built_at: BUILT_AT, current: null };

  await expect(
    finishMarts({ ...input, result: "s3://artifacts/marts/none.json" }, zone.ports),
  ).rejects.toMatchObject({ name: "ObjectMissing" });
});
