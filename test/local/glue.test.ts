import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetJobRunCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually, execute } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let directory: string;

const plan = {
  inputs: [{ name: "numbers", uris: ["s3://lake/numbers.parquet"] }],
  steps: [{ name: "doubled", sql: "SELECT n, n * 2 AS twice FROM numbers" }],
  outputs: [{ from: "doubled", to: "s3://lake/doubled.parquet", orderBy: ["n"] }],
  reports: [{ name: "rows", sql: "SELECT count(*) AS n FROM doubled" }],
  result: "s3://lake/result.json",
};

/** Runs SQL over files in DuckDB. */
async function duck(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const putJson = (Key: string, value: unknown) =>
  clients.s3.send(new PutObjectCommand({ Bucket: "lake", Key, Body: JSON.stringify(value) }));

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "penstock-test-"));
  const job = (name: string, more: object = {}) =>
    graph.resource("aws:glue/job:Job", name, {
      name,
      roleArn: "arn:aws:iam::000000000000:role/glue",
      executionProperty: { maxConcurrentRuns: 1 },
      timeout: 5,
      workerType: "G.1X",
      numberOfWorkers: 10,
      glueVersion: "5.1",
      ...more,
    });
  const run = graph.machine("run", {
    StartAt: "Run",
    States: {
      Run: {
        Type: "Task",
        Resource: "arn:aws:states:::glue:startJobRun.sync",
        Arguments: { JobName: "refine", Arguments: { "--plan": "{% $states.input.plan %}" } },
        End: true,
      },
    },
  });
  cloud = await bootCloud(graph.graphOf([graph.bucket("lake"), job("refine"), job("other"), run]), {
    root: graph.root,
  });
  clients = clientsOf(cloud.endpoint);
  const file = join(directory, "numbers.parquet");
  await duck(`COPY (SELECT range AS n FROM range(1000)) TO '${file}' (FORMAT parquet)`);
  await clients.s3.send(
    new PutObjectCommand({ Bucket: "lake", Key: "numbers.parquet", Body: readFileSync(file) }),
  );
  await putJson("plan.json", plan);
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true });
});

const run = (input: object) => execute(clients.sfn, graph.machineArn("run"), input);

describe("a Glue job", () => {
  test("runs the plan it is given, and the machine that waits for it gets the run", async () => {
    const { status, result } = await run({ plan: "s3://lake/plan.json" });

    expect(status).toBe("SUCCEEDED");
    expect(result).toMatchObject({
      JobName: "refine",
      JobRunState: "SUCCEEDED",
      Arguments: { "--plan": "s3://lake/plan.json" },
      WorkerType: "G.1X",
      NumberOfWorkers: 10,
      GlueVersion: "5.1",
      StartedOn: expect.any(Number),
    });
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "lake", Key: "doubled.parquet" }));
    const file = join(directory, "doubled.parquet");
    writeFileSync(file, (await Body?.transformToByteArray()) ?? "");
    expect(await duck(`SELECT sum(twice)::INT AS s, count(*)::INT AS n FROM '${file}'`)).toEqual([
      { s: 999_000, n: 1000 },
    ]);
  });

  test("that fails fails the machine's task, with the run and its message as cause", async () => {
    await putJson("broken.json", {
      ...plan,
      inputs: [{ name: "numbers", uris: ["s3://lake/not-there.parquet"] }],
    });

    const { status, error, cause } = await run({ plan: "s3://lake/broken.json" });

    expect([status, error]).toEqual(["FAILED", "States.TaskFailed"]);
    expect(JSON.parse(cause ?? "")).toMatchObject({
      JobRunState: "FAILED",
      ErrorMessage: expect.stringContaining("not-there.parquet"),
    });
  });

  test("without a plan fails and says so", async () => {
    const { JobRunId } = await clients.glue.send(new StartJobRunCommand({ JobName: "other" }));

    const { JobRun } = await clients.glue.send(new GetJobRunCommand({ JobName: "other", RunId: JobRunId }));

    expect(JobRun).toMatchObject({ JobRunState: "FAILED", ErrorMessage: expect.stringContaining("--plan") });
  });

  test("runs no more at once than it may", async () => {
    const start = () =>
      clients.glue.send(
        new StartJobRunCommand({ JobName: "refine", Arguments: { "--plan": "s3://lake/plan.json" } }),
      );
    const { JobRunId } = await start();

    await expect(start()).rejects.toMatchObject({ name: "ConcurrentRunsExceededException" });
    expect((await run({ plan: "s3://lake/plan.json" })).error).toBe("Glue.ConcurrentRunsExceededException");
    await eventually(async () => {
      const { JobRun } = await clients.glue.send(
        new GetJobRunCommand({ JobName: "refine", RunId: JobRunId }),
      );
      return JobRun?.JobRunState === "RUNNING" ? undefined : JobRun;
    });
    expect((await run({ plan: "s3://lake/plan.json" })).status).toBe("SUCCEEDED");
  });

  test("that is not there is EntityNotFoundException", async () => {
    const start = clients.glue.send(new StartJobRunCommand({ JobName: "nobody" }));

    await expect(start).rejects.toMatchObject({ name: "EntityNotFoundException" });
  });
});
