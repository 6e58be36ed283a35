import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cloud, roleArn } from "./retaining-cloud.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "penstock-retention-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("each execution is a file as it ends, with its input, times, result and history", async () => {
  const { start, stateMachineArn } = await cloud({ finished: 10, directory });

  const executionArn = await start("one", '{"n":  1}');
  await start("two", '{"broken": true}');

  expect(await readdir(join(directory, "machine"))).toEqual(["one.json", "two.json"]);
  const read = async (name: string) =>
    JSON.parse(await readFile(join(directory, "machine", `${name}.json`), "utf8"));
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(await read("one")).toMatchObject({
    executionArn,
    stateMachineArn,
    name: "one",
    startDate: time,
    stopDate: time,
    redriveCount: 0,
    input: '{"n":  1}',
    result: { status: "SUCCEEDED", output: { FunctionName: "f", Payload: { n: 1 } } },
  });
  expect((await read("one")).history[0]).toEqual({
    id: 1,
    previousEventId: 0,
    timestamp: time,
    type: "ExecutionStarted",
    details: { input: { n: 1 }, roleArn },
  });
  expect(await read("two")).toMatchObject({
    result: { status: "FAILED", error: "Broken", cause: "by design" },
  });
});

test("what the API tells is the same from the file as from memory", async () => {
  const { client, start, names } = await cloud({ finished: 1, directory });
  const tell = async (executionArn: string | undefined) => {
    const asked = { executionArn };
    const answers = [
      await client.send(new DescribeExecutionCommand(asked)),
      await client.send(new GetExecutionHistoryCommand(asked)),
      await client.send(new GetExecutionHistoryCommand({ ...asked, includeExecutionData: false })),
      await client.send(new GetExecutionHistoryCommand({ ...asked, reverseOrder: true, maxResults: 2 })),
      await client.send(new DescribeStateMachineForExecutionCommand(asked)),
    ];
    return answers.map(({ $metadata: _, ...answer }) => answer);
  };
  const good = await start("good");
  const goodInMemory = await tell(good);
  const bad = await start("bad", '{"broken": true}');
  const [{ redriveStatusReason: _, redriveStatus, ...badInMemory }, ...badHistory] = (await tell(bad)) as [
    Record<string, unknown>,
    ...unknown[],
  ];

  await start("next");
  await start("next-bad", '{"broken": true}');

  expect(await tell(good)).toEqual(goodInMemory);
  const [described, ...history] = await tell(bad);
  expect(redriveStatus).toBe("REDRIVABLE");
  expect(described).toEqual({
    ...badInMemory,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "Execution is only kept as a file and cannot be redriven",
  });
  expect(history).toEqual(badHistory);
  expect(await names()).toEqual(["next-bad", "next", "bad", "good"]);
  await expect(client.send(new RedriveExecutionCommand({ executionArn: bad }))).rejects.toMatchObject({
    name: "ExecutionNotRedrivable",
  });
  await expect(start("good")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
});

test("a redrive writes the file anew when it ends", async () => {
  const { client, start, state, stepFunctions } = await cloud({ finished: 10, directory });
  const executionArn = await start("again", '{"broken": true}');
  state.broken = false;

  await client.send(new RedriveExecutionCommand({ executionArn }));
  await stepFunctions.execution(executionArn ?? "")?.execution.result;

  const file = JSON.parse(await readFile(join(directory, "machine", "again.json"), "utf8"));
  expect(file).toMatchObject({ redriveCount: 1, result: { status: "SUCCEEDED" } });
  expect(file.history.map(({ type }: { type: string }) => type)).toContain("ExecutionRedriven");
});

test("no name leaves the folder, or is too long for it", async () => {
  const { start, client } = await cloud({ finished: 0, directory }, "..");
  const long = "長".repeat(80);

  const arns = [await start("."), await start(".."), await start(long)];

  expect(await readdir(directory)).toEqual(["%2E."]);
  expect((await readdir(join(directory, "%2E."))).sort()).toEqual([
    "%2E..json",
    "%2E.json",
    expect.stringMatching(/^%[0-9a-f]{64}\.json$/),
  ]);
  for (const executionArn of arns) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described.status).toBe("SUCCEEDED");
  }
});

test("a Map Run's children are files too, below their machine and label, and none leaves the folder", async () => {
  const { client, stepFunctions } = await cloud({ finished: 10, directory });
  const each = {
    Type: "Map",
    Label: "..",
    Items: [1, 2],
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "Done",
      States: { Done: { Type: "Succeed" } },
    },
    End: true,
  };
  const mapping = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Each", States: { Each: each } });
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({ name: "mapping", definition: mapping, roleArn }),
  );

  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
  await stepFunctions.execution(executionArn ?? "")?.execution.result;

  expect((await readdir(join(directory, "mapping"))).sort()).toEqual(["%2E.", "run.json"]);
  expect(await readdir(join(directory, "mapping", "%2E."))).toHaveLength(2);
});
