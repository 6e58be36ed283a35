import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import {
  DescribeMapRunCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../local/clients.ts";
import { ended, gate } from "./gate.ts";
import { bucket, mapCloud, processor } from "./map-cloud.ts";

let cloud: Awaited<ReturnType<typeof mapCloud>>;
beforeAll(async () => {
  cloud = await mapCloud();
});
afterAll(() => cloud.close());

/** A ResultWriter to the bucket. */
const to = (Prefix: string, WriterConfig?: object) => ({
  ResultWriter: {
    Resource: "arn:aws:states:::s3:putObject",
    Arguments: { Bucket: bucket, Prefix },
    ...(WriterConfig === undefined ? {} : { WriterConfig }),
  },
});
const shaped = (WriterConfig: object) => ({ ResultWriter: { WriterConfig } });

async function text(Key: string): Promise<string> {
  const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await Body?.transformToString()) ?? "";
}
const json = async (key: string) => JSON.parse(await text(key));

async function keys(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key = "" }) => Key);
}

/** Children that hand a list of their input on, twice. */
const doubling = processor({
  Item: { Type: "Pass", Output: "{% [$states.input, $states.input] %}", End: true },
});
/** Children that fail for the inputs that are in the list. */
const failing = (...bad: number[]) =>
  processor({
    Choice: {
      Type: "Choice",
      Choices: [{ Condition: `{% $states.input in ${JSON.stringify(bad)} %}`, Next: "Broken" }],
      Default: "Fine",
    },
    Broken: { Type: "Fail", Error: "Broken", Cause: "by design" },
    Fine: { Type: "Succeed" },
  });

describe("a ResultWriter with a Resource", () => {
  test("writes the executions and a manifest below the id of the Map Run, which the state's result tells", async () => {
    const { result } = await cloud.run({
      Items: ["a", "b"],
      MaxConcurrency: 1,
      Label: "mine",
      ...to("plain"),
    });

    const id = result.MapRunArn.split(":").at(-1);
    expect(result).toEqual({
      MapRunArn: expect.stringMatching(
        /^arn:aws:states:us-east-1:000000000000:mapRun:map-\d+\/mine:[0-9a-f-]{36}$/,
      ),
      ResultWriterDetails: { Bucket: bucket, Key: `plain/${id}/manifest.json` },
    });
    expect(await keys("plain/")).toEqual([`plain/${id}/SUCCEEDED_0.json`, `plain/${id}/manifest.json`]);
    const succeeded = await text(`plain/${id}/SUCCEEDED_0.json`);
    expect(await json(`plain/${id}/manifest.json`)).toEqual({
      DestinationBucket: bucket,
      MapRunArn: result.MapRunArn,
      ResultFiles: {
        FAILED: [],
        PENDING: [],
        SUCCEEDED: [{ Key: `plain/${id}/SUCCEEDED_0.json`, Size: Buffer.byteLength(succeeded) }],
      },
    });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const machine = result.MapRunArn.split(":")[6];
    const [first] = JSON.parse(succeeded);
    expect(first).toEqual({
      ExecutionArn: `arn:aws:states:us-east-1:000000000000:execution:${machine}:${first.Name}`,
      Input: '"a"',
      InputDetails: { Included: true },
      Name: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Output: '"a"',
      OutputDetails: { Included: true },
      RedriveCount: 0,
      RedriveStatus: "NOT_REDRIVABLE",
      RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
      StartDate: instant,
      StateMachineArn: `arn:aws:states:us-east-1:000000000000:stateMachine:${machine}`,
      Status: "SUCCEEDED",
      StopDate: instant,
    });
  });

  test.each([
    ["COMPACT", "JSON", "json", '[["a","a"],["b","b"]]'],
    ["FLATTEN", "JSON", "json", '["a","a","b","b"]'],
    ["COMPACT", "JSONL", "jsonl", '["a","a"]\n["b","b"]\n'],
    ["FLATTEN", "JSONL", "jsonl", '"a"\n"a"\n"b"\n"b"\n'],
  ])("writes them %s as %s", async (Transformation, OutputType, ending, expected) => {
    const prefix = `${Transformation}-${OutputType}/`;

    const { result } = await cloud.run({
      Items: ["a", "b"],
      MaxConcurrency: 1,
      ItemProcessor: doubling,
      ...to(prefix, { Transformation, OutputType }),
    });

    const id = result.MapRunArn.split(":").at(-1);
    expect(await text(`${prefix}${id}/SUCCEEDED_0.${ending}`)).toBe(expected);
  });

  test("without a prefix the id comes first", async () => {
    const { result } = await cloud.run({
      Items: [1],
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: bucket } },
    });

    expect(result.ResultWriterDetails.Key).toBe(`${result.MapRunArn.split(":").at(-1)}/manifest.json`);
  });

  test("keeps what failed apart, with its error; a failure that is tolerated does not stop the others", async () => {
    const { result } = await cloud.run({
      Items: [1, 2, 3],
      ToleratedFailureCount: 1,
      ItemProcessor: failing(2),
      ...to("failed", { Transformation: "COMPACT", OutputType: "JSON" }),
    });

    const directory = `failed/${result.MapRunArn.split(":").at(-1)}/`;
    expect((await json(`${directory}SUCCEEDED_0.json`)).sort()).toEqual([1, 3]);
    expect(await json(`${directory}FAILED_0.json`)).toMatchObject([
      {
        Error: "Broken",
        Cause: "by design",
        Input: "2",
        Status: "FAILED",
        RedriveStatus: "REDRIVABLE_BY_MAP_RUN",
        OutputDetails: { Included: true },
      },
    ]);
    const { FAILED, PENDING } = (await json(`${directory}manifest.json`)).ResultFiles;
    expect([FAILED.length, PENDING.length]).toEqual([1, 0]);
  });

  test("a Map Run that fails writes all the same, and what it did not come to as pending", async () => {
    await cloud.put("items.jsonl", "1\n2\n3\n4");

    const { error } = await cloud.run({
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        Arguments: { Bucket: bucket, Key: "items.jsonl" },
        ReaderConfig: { InputType: "JSONL" },
      },
      MaxConcurrency: 1,
      ItemProcessor: failing(2),
      ...to("pending"),
    });

    expect(error).toBe("States.ExceedToleratedFailureThreshold");
    const written = await keys("pending/");
    expect(written.map((key) => key.split("/").at(-1))).toEqual([
      "FAILED_0.json",
      "PENDING_0.json",
      "SUCCEEDED_0.json",
      "manifest.json",
    ]);
    expect(await json(written[1] ?? "")).toEqual([
      { Input: "3", InputDetails: { Included: true }, Status: "PENDING" },
      { Input: "4", InputDetails: { Included: true }, Status: "PENDING" },
    ]);
  });

  test("a Map Run whose execution is stopped writes what there is", async () => {
    const Wait = {
      Type: "Wait",
      Seconds: "{% $states.input = 'done' ? 0 : 3600 %}",
      End: true,
    };
    const arn = await cloud.create({
      Items: ["done", "runs", "waits"],
      MaxConcurrency: 1,
      ItemProcessor: processor({ Wait }),
      ...to("stopped"),
    });
    const { executionArn } = await cloud.sfn.send(new StartExecutionCommand({ stateMachineArn: arn }));
    await eventually(async () => {
      const { mapRuns = [] } = await cloud.sfn.send(new ListMapRunsCommand({ executionArn }));
      if (mapRuns[0] === undefined) return undefined;
      const { executionCounts } = await cloud.sfn.send(
        new DescribeMapRunCommand({ mapRunArn: mapRuns[0].mapRunArn }),
      );
      return executionCounts?.succeeded === 1 && executionCounts.running === 1 ? true : undefined;
    });

    await cloud.sfn.send(new StopExecutionCommand({ executionArn }));

    const manifest = await eventually(async () =>
      (await keys("stopped/")).find((key) => key.endsWith("manifest.json")),
    );
    const { ResultFiles } = await json(manifest);
    expect(await json(ResultFiles.SUCCEEDED[0].Key)).toMatchObject([{ Input: '"done"' }]);
    expect(await json(ResultFiles.FAILED[0].Key)).toMatchObject([{ Input: '"runs"', Status: "ABORTED" }]);
    expect(await json(ResultFiles.PENDING[0].Key)).toMatchObject([{ Input: '"waits"' }]);
  });

  test("a redrive writes a manifest of its own, with the successes of all attempts", async () => {
    const opened = gate(cloud.put);
    const arn = await cloud.create({
      Items: ["again/1", "again/2"],
      MaxConcurrency: 1,
      ItemProcessor: opened.processor,
      ...to("redriven", { Transformation: "COMPACT", OutputType: "JSON" }),
    });
    await opened.open("again/1");
    const failed = await ended(cloud.sfn, arn);
    await opened.open("again/2");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn: failed.executionArn }));

    const { status, result } = await ended(cloud.sfn, arn, failed.executionArn);
    const id = result.MapRunArn.split(":").at(-1);
    expect(status).toBe("SUCCEEDED");
    expect(result.ResultWriterDetails.Key).toBe(`redriven/${id}/Redrive-1/manifest.json`);
    const { ResultFiles } = await json(result.ResultWriterDetails.Key);
    expect(ResultFiles).toMatchObject({
      FAILED: [],
      PENDING: [],
      SUCCEEDED: [
        { Key: `redriven/${id}/SUCCEEDED_0.json` },
        { Key: `redriven/${id}/Redrive-1/SUCCEEDED_0.json` },
      ],
    });
    expect(await json(`redriven/${id}/FAILED_0.json`)).toHaveLength(1);
    expect(await json(`redriven/${id}/Redrive-1/SUCCEEDED_0.json`)).toEqual(["again/2"]);
  });

  test("large results go up in parts", async () => {
    const rows = Array.from({ length: 60 }, (_, n) => ({ n, text: `${n}`.repeat(100_000) }));
    await cloud.put("large.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));

    const { result } = await cloud.run({
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        Arguments: { Bucket: bucket, Key: "large.jsonl" },
        ReaderConfig: { InputType: "JSONL" },
      },
      ...to("large", { Transformation: "COMPACT", OutputType: "JSON" }),
    });

    const directory = `large/${result.MapRunArn.split(":").at(-1)}/`;
    const found: typeof rows = await json(`${directory}SUCCEEDED_0.json`);
    const [{ Size }] = (await json(`${directory}manifest.json`)).ResultFiles.SUCCEEDED;
    expect(found.toSorted((left, right) => left.n - right.n)).toEqual(rows);
    expect(Size).toBe(Buffer.byteLength(JSON.stringify(found)));
    expect(Size).toBeGreaterThan(10 * 1024 * 1024);
  });

  test("a bucket that is not there is States.ResultWriterFailed, before any child runs", async () => {
    const ended = await cloud.run({
      Items: [1],
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "nobucket" } },
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "States.ResultWriterFailed" });
    expect(ended.cause).toContain("NoSuchBucket");
  });

  test("arguments without a bucket are States.ResultWriterFailed", async () => {
    const ended = await cloud.run({
      Items: [1],
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: { Prefix: "x" } },
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "States.ResultWriterFailed" });
  });
});

describe("a ResultWriter without a Resource", () => {
  test.each([
    [
      "COMPACT",
      "JSON",
      [
        ["a", "a"],
        ["b", "b"],
      ],
    ],
    ["FLATTEN", "JSON", ["a", "a", "b", "b"]],
    ["FLATTEN", "JSONL", '"a"\n"a"\n"b"\n"b"'],
  ])("shapes the result of the state: %s as %s", async (Transformation, OutputType, expected) => {
    const { result } = await cloud.run({
      Items: ["a", "b"],
      ItemProcessor: doubling,
      ...shaped({ Transformation, OutputType }),
    });

    expect(result).toEqual(expected);
  });

  test("NONE gives the executions, in the order of the items; what failed is never transformed", async () => {
    const map = { Items: [1, 2], ItemProcessor: failing(2), ToleratedFailurePercentage: 50 };

    const none = await cloud.run({ ...map, ...shaped({ Transformation: "NONE", OutputType: "JSON" }) });
    const compact = await cloud.run({ ...map, ...shaped({ Transformation: "COMPACT", OutputType: "JSON" }) });

    expect(none.result).toMatchObject([
      { Input: "1", Output: "1", Status: "SUCCEEDED" },
      { Input: "2", Status: "FAILED", Error: "Broken" },
    ]);
    expect(compact.result).toMatchObject([1, { Status: "FAILED", Error: "Broken" }]);
  });
});

describe("results that are too large for a payload", () => {
  test("are States.DataLimitExceeded, unless they go to a bucket", async () => {
    const large = processor({ Item: { Type: "Pass", Output: "{% $pad('', 120000, 'abc') %}", End: true } });
    const map = { Items: [1, 2, 3], ItemProcessor: large };

    const inline = await cloud.run(map);
    const exported = await cloud.run({ ...map, ...to("too-large") });

    expect(inline).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(exported.status).toBe("SUCCEEDED");
  });
});

test.each([
  ["an empty one", {}, "WriterConfig"],
  ["another action", { Resource: "arn:aws:states:::s3:copyObject", Arguments: {} }, "s3:putObject"],
  ["a Resource without Arguments", { Resource: "arn:aws:states:::s3:putObject" }, "Arguments"],
  ["Arguments without a Resource", { Arguments: { Bucket: "b" } }, "Resource"],
  ["a transformation of another name", { WriterConfig: { Transformation: "ZIP" } }, "NONE, COMPACT, FLATTEN"],
])("a ResultWriter is refused on creation: %s", async (_, ResultWriter, why) => {
  await expect(cloud.create({ Items: [1], ResultWriter })).rejects.toThrow(why);
});
