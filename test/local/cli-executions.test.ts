import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Execution, ExecutionSummary } from "../../packages/contracts/src/index.ts";
import { clientsOf } from "./clients.ts";
import { type Announced, CommandLine } from "./command-line.ts";

const line = new CommandLine();
const penstock = (...args: string[]) => line.run(args);

let dev: ChildProcess;
let cloud: Announced;
/** Input of an execution that fails as long as the object is not there. */
let input: { bucket: string; key: string };
let inputFile: string;

beforeAll(async () => {
  ({ process: dev, announced: cloud } = await line.dev());
  input = { bucket: cloud.outputs.raw, key: "ecommerce/orders-raw/year=2026/month=1/day=1/late.parquet" };
  inputFile = join(line.directory, "input.json");
  writeFileSync(inputFile, JSON.stringify(input));
});
afterAll(() => {
  dev.kill("SIGKILL");
  line.remove();
});

const Summaries = v.array(ExecutionSummary);

describe("penstock run", () => {
  test("starts a workflow and says by what it is found again", async () => {
    const { code, stdout } = await penstock("run", "reconcile", "--name", "first");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^started reconcile:first {2}arn:aws:states:.*:penstock-local-reconcile:first$/m);
  });

  test("waits for the end of one that succeeds: 0", async () => {
    // The one that was begun above: two at once would be one.
    const { code, stdout } = await penstock("run", "reconcile", "--name", "first", "--wait", "--json");

    expect(code).toBe(0);
    const { status, states } = v.parse(Execution, JSON.parse(stdout));
    expect([status, states.at(-1)?.type]).toEqual(["SUCCEEDED", "Succeed"]);
  });

  test("waits for the end of one that fails, and says why: 1", async () => {
    const { code, stdout } = await penstock(
      "run",
      "raw-to-curated",
      "--input",
      inputFile,
      "--name",
      "bad",
      "--wait",
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^status +FAILED/m);
    expect(stdout).toMatch(/Inspect .* FAILED .* ObjectMissing/);
    expect(stdout).not.toMatch(/\.ts:\d/);
  });

  test("finds the execution that has the name and the same input", async () => {
    const again = await line.run(["run", "raw-to-curated", "--input", "-", "--name", "bad", "--json"], {
      input: JSON.stringify({ key: input.key, bucket: input.bucket }),
    });
    const other = await line.run(["run", "raw-to-curated", "--input", "-", "--name", "bad"], {
      input: JSON.stringify({ ...input, key: "other" }),
    });

    expect(v.parse(ExecutionSummary, JSON.parse(again.stdout))).toMatchObject({
      id: "raw-to-curated:bad",
      status: "FAILED",
    });
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining("NameTaken")]);
  });

  test.each([
    ["{}", /bucket: It is missing.*\n.*key: It is missing/],
    ['{"bucket":"raw","key":"k","tabel":"x"}', /tabel: There is no such field/],
    ["{", /not JSON/],
  ])("refuses the input %s and names the fields: 2", async (text, message) => {
    const { code, stderr } = await line.run(["run", "raw-to-curated", "--input", "-"], { input: text });

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("names the workflows there are when one is not, and those that are started by hand", async () => {
    const unknown = await penstock("run", "nobody");
    const inner = await penstock("run", "on-failure");

    expect([unknown.code, unknown.stderr.trim()]).toEqual([
      3,
      'UnknownWorkflow: There is no workflow "nobody". There are: campaign, curated-to-prod, digital-dna, feature-pipeline, on-failure, raw-to-curated, reconcile.',
    ]);
    expect([inner.code, inner.stderr]).toEqual([
      2,
      expect.stringContaining("curated-to-prod, digital-dna, feature-pipeline, raw-to-curated, reconcile"),
    ]);
  });
});

describe("penstock executions", () => {
  test("lists the latest first, those of one workflow with one status", async () => {
    const all = await penstock("executions", "--workflow", "reconcile", "--json");
    const failed = await penstock("executions", "--status", "failed", "--json");
    const table = await penstock("executions", "--limit", "1");

    const listed = v.parse(Summaries, JSON.parse(all.stdout));
    expect(listed.at(-1)?.id).toBe("reconcile:first");
    expect(listed.map(({ started_at }) => started_at)).toEqual(
      listed
        .map(({ started_at }) => started_at)
        .sort()
        .reverse(),
    );
    expect(v.parse(Summaries, JSON.parse(failed.stdout)).map(({ id }) => id)).toEqual(["raw-to-curated:bad"]);
    expect([table.code, table.stdout]).toEqual([
      0,
      expect.stringMatching(/│ id +│ status +│[\s\S]*--limit 5/),
    ]);
  });

  test("names what there is: 2 for a status, 3 for a workflow", async () => {
    const status = await penstock("executions", "--status", "done");
    const workflow = await penstock("executions", "--workflow", "nobody");

    expect([status.code, status.stderr]).toEqual([2, expect.stringContaining("RUNNING, SUCCEEDED")]);
    expect([workflow.code, workflow.stderr]).toEqual([
      3,
      expect.stringContaining(
        "campaign, curated-to-prod, digital-dna, feature-pipeline, on-failure, raw-to-curated, reconcile",
      ),
    ]);
  });
});

describe("penstock show", () => {
  test.each([
    ["its id", "raw-to-curated:bad"],
    ["its name", "bad"],
    ["its ARN", "arn:aws:states:us-east-1:000000000000:execution:penstock-local-raw-to-curated:bad"],
  ])("finds an execution by %s", async (_, id) => {
    const { code, stdout } = await penstock("show", id, "--json");

    expect(code).toBe(0);
    expect(v.parse(Execution, JSON.parse(stdout))).toMatchObject({
      id: "raw-to-curated:bad",
      input,
      error: "ObjectMissing",
      states: [{ name: "Accept" }, { name: "Inspect", status: "FAILED", retries: 0 }],
    });
  });

  test("says that there is none: 3; that several have the name: 2", async () => {
    await penstock("run", "reconcile", "--name", "bad");

    for (const id of ["reconcile:nobody", "nobody", "arn:aws:states:us-east-1:1:execution:other:x"]) {
      const { code, stderr } = await penstock("show", id);
      expect([code, stderr]).toEqual([3, expect.stringContaining("UnknownExecution")]);
    }
    const { code, stderr } = await penstock("show", "bad");
    expect([code, stderr]).toEqual([2, expect.stringContaining("raw-to-curated:bad, reconcile:bad")]);
  });
});

describe("penstock redrive", () => {
  test("refuses an execution that did not fail: 1, with the reason", async () => {
    await penstock("run", "reconcile", "--name", "good", "--wait");

    const { code, stdout } = await penstock("redrive", "reconcile:good", "--json");

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      { how: "kept", execution: "reconcile:good", why: expect.stringContaining("SUCCEEDED") },
    ]);
  });

  test("takes an execution up again by its id, whether or not it has a dead letter", async () => {
    const { s3, sqs } = clientsOf(cloud.endpoint);
    await s3.send(new PutObjectCommand({ Bucket: input.bucket, Key: input.key, Body: "no Parquet" }));
    const redriven = await penstock("redrive", "raw-to-curated:bad");
    const { stdout } = await penstock("redrive");

    expect([redriven.code, redriven.stdout]).toEqual([
      0,
      expect.stringContaining("redriven: arn:aws:states"),
    ]);
    expect(stdout).not.toMatch(/│ bad +│/);
    sqs.destroy();
    s3.destroy();
  });
});

describe("penstock token", () => {
  const claims = (token: string) =>
    JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

  test("prints a token that the API takes", async () => {
    const { code, stdout } = await penstock("token", "--scope", "penstock/run");
    const answer = await fetch(`${cloud.apis.HttpApi}/api/executions`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    });

    expect([code, answer.status]).toEqual([0, 200]);
    expect(claims(stdout).scope).toBe("penstock/run");
  });

  test("is for everything when nothing is said, and names the scopes there are when one is not: 2", async () => {
    const all = await penstock("token", "--json");
    const unknown = await penstock("token", "--scope", "penstock/own");

    expect(claims(JSON.parse(all.stdout).access_token).scope).toBe("penstock/run penstock/operate");
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("penstock/operate, penstock/personas, penstock/run"),
    ]);
  });
});

describe("with --stage", () => {
  /** The user's own credentials and region, by the SDK's own ways; the local cloud answers as AWS would. */
  const aws = () => ({
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "mine",
    AWS_SECRET_ACCESS_KEY: "mine",
    PENSTOCK_DIRECTORY: join(line.directory, "none"),
  });

  test("the same commands work on a stage that is deployed", async () => {
    const environment = aws();
    const run = await line.run(["run", "reconcile", "--stage", "local", "--name", "staged"], { environment });
    const shown = await line.run(["show", "staged", "--stage", "local", "--json"], { environment });
    const letters = await line.run(["redrive", "--stage", "local", "--json"], { environment });

    expect([run.code, shown.code, letters.code]).toEqual([0, 0, 0]);
    expect(v.parse(Execution, JSON.parse(shown.stdout)).id).toBe("reconcile:staged");
    expect(JSON.parse(letters.stdout)).toEqual(expect.any(Array));
  });

  test("a stage that is not there says what to do: 3", async () => {
    for (const command of [["executions"], ["redrive"], ["show", "x"], ["run", "reconcile"]]) {
      const { code, stderr } = await line.run([...command, "--stage", "nowhere"], { environment: aws() });
      expect([code, stderr]).toEqual([
        3,
        expect.stringMatching(/^StageUnknown: .*npx sst deploy --stage nowhere/),
      ]);
    }
  });

  test("without a way to AWS says which settings lead there: 3", async () => {
    const environment = { ...aws(), AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const { code, stderr } = await line.run(["executions", "--stage", "local"], { environment });

    expect([code, stderr]).toEqual([3, expect.stringMatching(/StageUnknown: .*AWS_PROFILE, AWS_REGION/)]);
  });
});
