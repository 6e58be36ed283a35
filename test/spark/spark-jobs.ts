import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { TestLake } from "../lake/lake-fixture.ts";

const root = path.resolve(import.meta.dirname, "../..");
const python = path.join(root, ".penstock/spark/bin/python");

/** `npm run test:spark` sets Spark up and says so; `npm test` asks for neither Python nor Java, and does not wait for them. */
export const withoutSpark = process.env.PENSTOCK_SPARK !== "required";

/**
 * Runs plans of a lake with the Glue job's script, one after another: one Java machine for all, since starting it takes
 * as long as a plan. Answers the error that ended each, or null.
 */
export async function runOnSpark(
  lake: Pick<TestLake, "folder">,
  plans: readonly S3Uri[],
): Promise<(string | null)[]> {
  const jobs = path.join(lake.folder, "jobs.json");
  const store = `file://${path.join(lake.folder, "store")}`;
  const all = plans.map((plan) => [
    "--JOB_NAME",
    "refine",
    "--plan",
    plan,
    "--store",
    store,
    "--TempDir",
    "x",
  ]);
  await writeFile(jobs, JSON.stringify(all));
  const settings = [
    "--master local[2] --driver-memory 2g",
    "--conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 --conf spark.log.level=ERROR",
    `--conf spark.local.dir=${path.join(lake.folder, "spark")}`,
  ];
  const { stdout } = await promisify(execFile)(
    python,
    [
      path.join(import.meta.dirname, "run_each.py"),
      path.join(root, "packages/runtime/src/spark/run_plan.py"),
      jobs,
    ],
    {
      // A zone of its own: that of the machine must not show in any row.
      env: {
        ...process.env,
        PYSPARK_SUBMIT_ARGS: `${settings.join(" ")} pyspark-shell`,
        SPARK_LOCAL_IP: "127.0.0.1",
        TZ: "America/Sao_Paulo",
      },
      cwd: lake.folder,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return v.parse(v.array(v.nullable(v.string())), JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}
