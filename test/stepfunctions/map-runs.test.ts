import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  StopExecutionCommand,
  UpdateMapRunCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended } from "../engine/gate.ts";
import { bucket, mapCloud, objectsOnly, processor } from "../engine/map-cloud.ts";
import { eventually } from "../local/clients.ts";
import { mapRunOf, none, startOf, waiting } from "./map-run.ts";

let cloud: Awaited<ReturnType<typeof mapCloud>>;
beforeAll(async () => {
  cloud = await mapCloud();
});
afterAll(() => cloud.close());

const start = (stateMachineArn: string) => startOf(cloud.sfn, stateMachineArn);
const runOf = (executionArn: string) => mapRunOf(cloud.sfn, executionArn);

describe("a Map Run", () => {
  test("is described with its limits, and what became of its items and executions", async () => {
    const arn = await cloud.create({
      Items: "{% [1..5] %}",
      ItemBatcher: { MaxItemsPerBatch: 2 },
      MaxConcurrency: 7,
      ToleratedFailurePercentage: 20.5,
      ToleratedFailureCount: 3,
      Label: "mine",
    });
    const { executionArn } = await ended(cloud.sfn, arn);

    const { mapRunArn, describe: told } = await runOf(executionArn);

    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:map-\d+\/mine:[0-9a-f-]{36}$/);
    expect(await told()).toMatchObject({
      mapRunArn,
      executionArn,
      status: "SUCCEEDED",
      startDate: expect.any(Date),
      stopDate: expect.any(Date),
      maxConcurrency: 7,
      toleratedFailurePercentage: 20.5,
      toleratedFailureCount: 3,
      itemCounts: { ...none, succeeded: 5, total: 5 },
      executionCounts: { ...none, succeeded: 3, total: 3 },
      redriveCount: 0,
    });
  });

  test("is listed with its execution and machine; a retry of the state is another one", async () => {
    const arn = await cloud.create({
      Items: [1],
      ItemProcessor: processor({ Item: { Type: "Fail", Error: "Broken" } }),
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1, IntervalSeconds: 1 }],
    });
    const { executionArn } = await ended(cloud.sfn, arn);

    const { mapRuns = [] } = await cloud.sfn.send(new ListMapRunsCommand({ executionArn }));

    expect(mapRuns).toHaveLength(2);
    expect(mapRuns[0]).toMatchObject({
      executionArn,
      stateMachineArn: arn,
      mapRunArn: expect.stringContaining(":mapRun:"),
      startDate: expect.any(Date),
      stopDate: expect.any(Date),
    });
  });

  test("counts the results that it wrote", async () => {
    const arn = await cloud.create({
      Items: [1, 2],
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Arguments: { Bucket: bucket, Prefix: "counted" },
      },
    });
    const { executionArn } = await ended(cloud.sfn, arn);

    const { itemCounts, executionCounts } = await (await runOf(executionArn)).describe();

    expect([itemCounts?.resultsWritten, executionCounts?.resultsWritten]).toEqual([2, 2]);
  });

  test("lets no more run than MaxConcurrency, and more once it was raised", async () => {
    const executionArn = await start(
      await cloud.create({ Items: "{% [1..5] %}", MaxConcurrency: 2, ItemProcessor: waiting() }),
    );
    const { mapRunArn, describe: told, when } = await runOf(executionArn);
    const before = await when(({ executionCounts }) => executionCounts?.running === 2);

    await cloud.sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 4 }));

    const after = await when(({ executionCounts }) => executionCounts?.running === 4);
    expect(before.executionCounts).toMatchObject({ running: 2, pending: 3, total: 5 });
    expect(after.executionCounts).toMatchObject({ running: 4, pending: 1, total: 5 });
    expect((await told()).maxConcurrency).toBe(4);
    await cloud.sfn.send(new StopExecutionCommand({ executionArn }));
  });

  test("tolerates more, or less, once it was told so", async () => {
    const executionArn = await start(
      await cloud.create({ Items: [1, 2, 3], ToleratedFailureCount: 2, ItemProcessor: waiting() }),
    );
    const { mapRunArn, children, when } = await runOf(executionArn);
    const running = await eventually(async () => {
      const found = await children();
      return found.length === 3 ? found : undefined;
    });
    await cloud.sfn.send(new StopExecutionCommand({ executionArn: running[0]?.executionArn }));
    await when(({ itemCounts }) => itemCounts?.aborted === 1);

    await cloud.sfn.send(new UpdateMapRunCommand({ mapRunArn, toleratedFailureCount: 0 }));

    const failed = await when(({ status }) => status !== "RUNNING");
    const { error } = await ended(cloud.sfn, "", executionArn);
    expect(failed).toMatchObject({ status: "FAILED", itemCounts: { aborted: 3, total: 3 } });
    expect(error).toBe("States.ExceedToleratedFailureThreshold");
  });

  test("stops its children when the execution is stopped", async () => {
    const executionArn = await start(
      await cloud.create({ Items: [1, 2, 3], MaxConcurrency: 2, ItemProcessor: waiting() }),
    );
    const { children, when } = await runOf(executionArn);
    await when(({ executionCounts }) => executionCounts?.running === 2);

    await cloud.sfn.send(new StopExecutionCommand({ executionArn }));

    const stopped = await when(({ status }) => status !== "RUNNING");
    expect(stopped).toMatchObject({
      status: "ABORTED",
      executionCounts: { aborted: 2, pending: 1, total: 3 },
    });
    expect((await children()).map(({ status }) => status)).toEqual(["ABORTED", "ABORTED"]);
  });
});

describe("child executions", () => {
  test("are listed by their Map Run, page by page and by status, and not with those of the machine", async () => {
    const arn = await cloud.create({
      Items: "{% [1..3] %}",
      ItemBatcher: { MaxItemsPerBatch: 2 },
      Label: "batch",
    });
    const { executionArn } = await ended(cloud.sfn, arn);
    const { mapRunArn, children } = await runOf(executionArn);

    const all = await children();
    const page = await cloud.sfn.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1 }));
    const failed = await children({ statusFilter: "FAILED" });
    const ofMachine = await cloud.sfn.send(new ListExecutionsCommand({ stateMachineArn: arn }));

    const name = arn.split(":").at(-1);
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({
      executionArn: `arn:aws:states:us-east-1:000000000000:execution:${name}/batch:${all[0]?.name}`,
      stateMachineArn: `${arn}/batch`,
      mapRunArn,
      status: "SUCCEEDED",
      redriveCount: 0,
    });
    expect(all.map(({ itemCount }) => itemCount)).toEqual([1, 2]);
    expect([page.executions?.length, typeof page.nextToken]).toEqual([1, "string"]);
    expect(failed).toEqual([]);
    expect(ofMachine.executions?.map((each) => each.executionArn)).toEqual([executionArn]);
  });

  test("are executions of the API: described with their Map Run, with a history and a machine", async () => {
    const item = { Item: { Type: "Pass", Output: { got: "{% $states.input %}" }, End: true } };
    const arn = await cloud.create({ Items: ["a"], Label: "mine", ItemProcessor: processor(item) });
    const { executionArn } = await ended(cloud.sfn, arn);
    const { mapRunArn, children } = await runOf(executionArn);
    const child = { executionArn: (await children())[0]?.executionArn };

    const described = await cloud.sfn.send(new DescribeExecutionCommand(child));
    const history = await cloud.sfn.send(new GetExecutionHistoryCommand(child));
    const machine = await cloud.sfn.send(new DescribeStateMachineForExecutionCommand(child));

    expect(described).toMatchObject({
      ...child,
      mapRunArn,
      input: '"a"',
      output: '{"got":"a"}',
      status: "SUCCEEDED",
      redriveStatus: "NOT_REDRIVABLE",
    });
    expect(history.events?.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
    expect(machine).toMatchObject({
      stateMachineArn: `${arn}/mine`,
      name: `${arn.split(":").at(-1)}/mine`,
      mapRunArn,
      label: "mine",
    });
    expect(JSON.parse(machine.definition ?? "").States).toEqual(item);
  });

  test("are redriven with their Map Run, and never alone", async () => {
    const arn = await cloud.create({
      Items: [1],
      ItemProcessor: processor({ Item: { Type: "Fail", Error: "Broken" } }),
    });
    const { executionArn } = await ended(cloud.sfn, arn);
    const [child] = await (await runOf(executionArn)).children();

    const described = await cloud.sfn.send(
      new DescribeExecutionCommand({ executionArn: child?.executionArn }),
    );

    expect(described).toMatchObject({ status: "FAILED", redriveStatus: "REDRIVABLE_BY_MAP_RUN" });
    await expect(
      cloud.sfn.send(new RedriveExecutionCommand({ executionArn: child?.executionArn })),
    ).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
  });

  test("of type EXPRESS have an express ARN", async () => {
    const arn = await cloud.create({
      Items: [1],
      Label: "fast",
      ItemProcessor: processor(undefined, "EXPRESS"),
    });
    const { executionArn } = await ended(cloud.sfn, arn);

    const [child] = await (await runOf(executionArn)).children();

    expect(child?.executionArn).toMatch(
      /^arn:aws:states:us-east-1:000000000000:express:map-\d+\/fast:[^:]+:[^:]+$/,
    );
  });

  test("of a map inside of a child have the label of that map", async () => {
    const inner = { Type: "Map", Items: [1], Label: "inner", End: true, ItemProcessor: processor() };
    const arn = await cloud.create({
      Items: [1],
      Label: "outer",
      ItemProcessor: processor({ Inner: inner }),
    });
    const { executionArn } = await ended(cloud.sfn, arn);
    const [child] = await (await runOf(executionArn)).children();

    const { mapRunArn } = await runOf(child?.executionArn ?? "");

    expect(mapRunArn).toContain(`:mapRun:${arn.split(":").at(-1)}/inner:`);
  });
});

test("a role that may not start its own machine has no children", async () => {
  const arn = await cloud.create({ Items: [1] }, objectsOnly);

  const { executionArn, error, cause } = await ended(cloud.sfn, arn);

  const { describe: told } = await runOf(executionArn);
  expect(error).toBe("StepFunctions.AccessDeniedException");
  expect(cause).toMatch(
    /:assumed-role\/objects-only\/\S+ is not authorized to perform: states:StartExecution/,
  );
  expect(cause).toContain(`on resource: ${arn} `);
  expect(await told()).toMatchObject({ status: "FAILED", executionCounts: { total: 0 } });
});

describe("wrong calls", () => {
  const nowhere = "arn:aws:states:us-east-1:000000000000:mapRun:machine/label:none";
  test.each([
    [
      "a Map Run that is not there",
      () => new DescribeMapRunCommand({ mapRunArn: nowhere }),
      "ResourceNotFound",
    ],
    ["no ARN of a Map Run", () => new DescribeMapRunCommand({ mapRunArn: "nope" }), "InvalidArn"],
    [
      "children of one that is not there",
      () => new ListExecutionsCommand({ mapRunArn: nowhere }),
      "ResourceNotFound",
    ],
    ["executions of nothing", () => new ListExecutionsCommand({}), "ValidationException"],
    [
      "Map Runs of an execution that is not there",
      () =>
        new ListMapRunsCommand({ executionArn: "arn:aws:states:us-east-1:000000000000:execution:m:none" }),
      "ExecutionDoesNotExist",
    ],
  ] as const)("%s", async (_, command, name) => {
    // The SDK's commands have no type in common that a client takes.
    const call: unknown = command();
    await expect(Reflect.apply(cloud.sfn.send, cloud.sfn, [call])).rejects.toMatchObject({ name });
  });

  test("an update of a Map Run that has ended, or with wrong numbers, is a ValidationException", async () => {
    const { executionArn } = await ended(cloud.sfn, await cloud.create({ Items: [1] }));
    const { mapRunArn } = await runOf(executionArn);

    for (const change of [
      { maxConcurrency: 1 },
      { toleratedFailurePercentage: 101 },
      { toleratedFailureCount: -1 },
    ]) {
      await expect(cloud.sfn.send(new UpdateMapRunCommand({ mapRunArn, ...change }))).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
  });
});
