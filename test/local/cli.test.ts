import type { ChildProcess } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientsOf, eventually, execute } from "./clients.ts";
import { type Announced, CommandLine } from "./command-line.ts";

const line = new CommandLine();
const { directory } = line;
const penstock = (...args: string[]) => line.run(args);

let dev: ChildProcess;
let description: Announced;
let printed: string[];

beforeAll(async () => {
  ({ process: dev, printed, announced: description } = await line.dev());
});
afterAll(() => {
  dev.kill("SIGKILL");
  line.remove();
});

describe("wrong arguments are told with the usage and exit code 2", () => {
  test.each([
    ["fly"],
    ["dev", "--port", "high"],
    ["dev", "--loud"],
    ["invoke"],
    ["invoke", "Inspect"],
    ["invoke", "Inspect", "Refine", "--event", "-"],
    ["redrive", "some-id", "--all"],
    ["redrive", "--stagee", "prod"],
    ["run"],
    ["run", "reconcile", "raw-to-curated"],
    ["run", "reconcile", "--name", "not a name"],
    ["run", "reconcile", "--input", "no/such/file.json"],
    ["executions", "--status", "DONE"],
    ["executions", "--limit", "0"],
    ["show"],
    ["token", "penstock/run"],
    ["upload"],
    ["upload", "no/such/file.png"],
    ["upload", "README.md"],
    ["image"],
    ["image", "--prompt", "a cup", "--style", "baroque"],
    ["campaign", "--name", "Cup"],
    ["campaign", "--image", "a.png", "--name", "Cup", "--objective", "Sell", "--market", "Atlantis"],
  ])("penstock %s %s %s", async (...args) => {
    const { code, stderr } = await penstock(...args);

    expect(code).toBe(2);
    expect(stderr).toContain("penstock ");
    expect(stderr).not.toContain("    at ");
  });
});

test("penstock dev prints where it listens and how to get there", async () => {
  const text = printed.join("\n");

  expect(text).toContain(description.endpoint);
  expect(text).toContain(`aws --endpoint-url ${description.endpoint} s3 cp`);
  for (const arn of Object.values(description.machines)) expect(text).toContain(arn);
  expect(text).toContain(`${description.apis.HttpApi}/openapi.json`);
});

test("a second cloud of the same checkout is refused and told where the first one is", async () => {
  const { code, stderr } = await penstock("dev", "--port", "0");

  expect(code).toBe(1);
  expect(stderr).toContain(`AlreadyRunning: A local cloud is up already at ${description.endpoint}`);
});

describe("penstock invoke", () => {
  const eventFile = (value: string) => {
    const file = join(directory, "event.json");
    writeFileSync(file, value);
    return file;
  };

  test("runs a task in the running cloud and prints its result", async () => {
    const { s3 } = clientsOf(description.endpoint);
    const Bucket = description.outputs.raw;
    const Key = "somewhere/unknown.parquet";
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "not parquet" }));
    const event = { run_id: "r", bucket: Bucket, key: Key, table: null };

    const { code, stdout, stderr } = await penstock(
      "invoke",
      "Inspect",
      "--event",
      eventFile(JSON.stringify(event)),
    );

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ route: "quarantine" });
    expect(stderr).toContain("START RequestId");
    expect(stderr).not.toContain("booted one");
  });

  test("ends with 1 and the error's name when the task fails", async () => {
    const event = { run_id: "r", bucket: description.outputs.raw, key: "not there", table: null };

    const { code, stdout, stderr } = await penstock(
      "invoke",
      "Inspect",
      "--event",
      eventFile(JSON.stringify(event)),
    );

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^ObjectMissing: /m);
  });

  test("names the functions there are when one is not", async () => {
    const { code, stderr } = await penstock("invoke", "Nobody", "--event", eventFile("{}"));

    expect(code).toBe(1);
    expect(stderr).toMatch(/UnknownFunction: There is no function "Nobody"\. There are: .*Inspect/);
  });

  test("says what is wrong with the event's file", async () => {
    const broken = await penstock("invoke", "Inspect", "--event", eventFile("{"));
    const missing = await penstock("invoke", "Inspect", "--event", "no/such/file.json");

    for (const { code, stderr } of [broken, missing]) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^InvalidJsonFile: The event /);
    }
  });
});

test("an execution that failed is listed, redriven, and its dead letter gone", async () => {
  const { s3, sfn } = clientsOf(description.endpoint);
  const [bucket, key] = [
    description.outputs.raw,
    "ecommerce/orders-raw/year=2026/month=1/day=1/later ä.parquet",
  ];
  expect((await penstock("redrive")).stdout).toContain("There are no dead letters.");
  const failed = await execute(sfn, description.outputs.rawToCurated, { bucket, key });
  expect([failed.status, failed.error]).toEqual(["FAILED", "ObjectMissing"]);
  const listed = await eventually(async () => {
    const { stdout } = await penstock("redrive");
    return stdout.includes(failed.name ?? "?") ? stdout : undefined;
  });
  expect(listed).toContain("ObjectMissing");

  const unknown = await penstock("redrive", "no-such-id");
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: "not parquet, but there" }));
  const redriven = await penstock("redrive", failed.name ?? "");

  expect([unknown.code, unknown.stderr.trim()]).toEqual([3, expect.stringContaining("UnknownExecution")]);
  expect([redriven.code, redriven.stdout.trim()]).toEqual([0, `redriven: ${failed.executionArn}`]);
  expect((await penstock("redrive")).stdout).toContain("There are no dead letters.");
});

test("Ctrl-C ends the cloud, its announcement and its functions; without it a task has a cloud of its own", async () => {
  const end = new Promise<number | null>((resolve) => dev.once("close", resolve));
  dev.kill("SIGINT");

  expect(await end).toBe(0);
  expect(existsSync(join(directory, "local.json"))).toBe(false);
  for (const command of [["redrive"], ["executions"], ["show", "x"], ["run", "reconcile"], ["token"]]) {
    const { code, stderr } = await penstock(...command);
    expect([code, stderr]).toEqual([3, expect.stringContaining("NoLocalCloud")]);
  }
  const event = join(directory, "event.json");
  writeFileSync(
    event,
    JSON.stringify({ run_id: "r", bucket: description.outputs.raw, key: "gone", table: null }),
  );
  const invoked = await penstock("invoke", "Inspect", "--event", event);
  expect(invoked.code).toBe(1);
  expect(invoked.stderr).toContain("booted one");
  expect(invoked.stderr).toMatch(/^ObjectMissing: /m);
});
