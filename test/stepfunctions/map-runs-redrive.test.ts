import {
  GetExecutionHistoryCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  StopExecutionCommand,
  UpdateMapRunCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended, gate } from "../engine/gate.ts";
import { bucket, mapCloud, processor } from "../engine/map-cloud.ts";
import { mapRunOf, none, startOf, waiting } from "./map-run.ts";

let cloud: Awaited<ReturnType<typeof mapCloud>>;
beforeAll(async () => {
  cloud = await mapCloud();
});
afterAll(() => cloud.close());

const start = (stateMachineArn: string) => startOf(cloud.sfn, stateMachineArn);
const runOf = (executionArn: string) => mapRunOf(cloud.sfn, executionArn);

describe("a redrive", () => {
  test.each(["STANDARD", "EXPRESS"])(
    "runs the %s children that failed, and those that were not begun; the others stay as they are",
    async (type) => {
      const closed = gate(cloud.put, type);
      const key = (n: number) => `${type}/${n}`;
      const arn = await cloud.create({
        Items: [1, 2, 3].map(key),
        MaxConcurrency: 1,
        Label: "mine",
        ItemProcessor: closed.processor,
      });
      await closed.open(key(1));
      const { executionArn, error } = await ended(cloud.sfn, arn);
      const { mapRunArn, describe: told, children } = await runOf(executionArn);
      const before = await children();
      const counts = (await told()).executionCounts;
      await closed.open(key(2));
      await closed.open(key(3));

      await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

      const { result, redriveCount } = await ended(cloud.sfn, arn, executionArn);
      const after = await children();
      const { events = [] } = await cloud.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      expect(error).toBe("States.ExceedToleratedFailureThreshold");
      expect(counts).toMatchObject({ succeeded: 1, failed: 1, pending: 1, total: 3 });
      expect([result, redriveCount]).toEqual([[1, 2, 3].map(key), 1]);
      expect(await told()).toMatchObject({
        status: "SUCCEEDED",
        redriveCount: 1,
        redriveDate: expect.any(Date),
        executionCounts: { ...none, succeeded: 3, total: 3 },
        itemCounts: { ...none, succeeded: 3, total: 3 },
      });
      const arns = (list: typeof before) => list.map((each) => each.executionArn);
      expect(arns(after)).toEqual(expect.arrayContaining(arns(before)));
      expect(after).toHaveLength(3);
      expect(after.map(({ redriveCount: count }) => count).sort()).toEqual(
        type === "STANDARD" ? [0, 0, 1] : [0, 0, 0],
      );
      expect(events.find((event) => event.type === "MapRunRedriven")).toMatchObject({
        mapRunRedrivenEventDetails: { mapRunArn, redriveCount: 1 },
      });
    },
  );

  test("reaches a map inside of a child", async () => {
    const closed = gate(cloud.put);
    const inner = {
      Type: "Map",
      Items: ["inner/1", "inner/2"],
      MaxConcurrency: 1,
      ItemProcessor: closed.processor,
      End: true,
    };
    const arn = await cloud.create({ Items: ["outer"], ItemProcessor: processor({ Inner: inner }) });
    await closed.open("inner/1");
    const { executionArn, error } = await ended(cloud.sfn, arn);
    await closed.open("inner/2");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    const { result } = await ended(cloud.sfn, arn, executionArn);
    const [child] = await (await runOf(executionArn)).children();
    const { executionCounts } = await (await runOf(child?.executionArn ?? "")).describe();
    expect([error, result]).toEqual(["States.ExceedToleratedFailureThreshold", [["inner/1", "inner/2"]]]);
    expect(executionCounts).toMatchObject({ succeeded: 2, failed: 0, total: 2 });
  });

  test("of a child goes on in its history", async () => {
    const closed = gate(cloud.put);
    const arn = await cloud.create({ Items: ["history/1"], ItemProcessor: closed.processor });
    const { executionArn } = await ended(cloud.sfn, arn);
    await closed.open("history/1");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    await ended(cloud.sfn, arn, executionArn);
    const [child] = await (await runOf(executionArn)).children({ redriveFilter: "REDRIVEN" });
    const { events = [] } = await cloud.sfn.send(
      new GetExecutionHistoryCommand({ executionArn: child?.executionArn }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskFailed",
      "ExecutionFailed",
      "ExecutionRedriven",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  test("has children wait for their turn as PENDING_REDRIVE", async () => {
    const arn = await cloud.create({ Items: [1, 2], ItemProcessor: waiting() });
    const executionArn = await start(arn);
    const { mapRunArn, children, when } = await runOf(executionArn);
    await when(({ executionCounts }) => executionCounts?.running === 2);
    await cloud.sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 1 }));
    await cloud.sfn.send(new StopExecutionCommand({ executionArn }));
    await when(({ status }) => status === "ABORTED");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    const again = await when(({ executionCounts }) => executionCounts?.running === 1);
    expect(again.executionCounts).toMatchObject({ running: 1, pendingRedrive: 1, aborted: 0, total: 2 });
    expect(await children({ statusFilter: "PENDING_REDRIVE" })).toHaveLength(1);
    await cloud.sfn.send(new StopExecutionCommand({ executionArn }));
    expect((await when(({ status }) => status === "ABORTED")).executionCounts).toMatchObject({
      aborted: 2,
      pendingRedrive: 0,
    });
  });

  test("reads the dataset again when the reader had failed", async () => {
    const arn = await cloud.create({
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        Arguments: { Bucket: bucket, Key: "late.json" },
        ReaderConfig: { InputType: "JSON" },
      },
    });
    const { executionArn, error } = await ended(cloud.sfn, arn);
    await cloud.put("late.json", "[1,2]");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    const { result } = await ended(cloud.sfn, arn, executionArn);
    expect([error, result]).toEqual(["States.ItemReaderFailed", [1, 2]]);
  });

  test("starts another Map Run when the first had too large a result", async () => {
    const large = processor({ Item: { Type: "Pass", Output: "{% $pad('', 200000, 'x') %}", End: true } });
    const arn = await cloud.create({ Items: [1, 2], ItemProcessor: large });
    const { executionArn, error } = await ended(cloud.sfn, arn);

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    await ended(cloud.sfn, arn, executionArn);
    const { mapRuns } = await cloud.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect([error, mapRuns?.length]).toEqual(["States.DataLimitExceeded", 2]);
  });

  test("runs only the items of an inline Map that did not succeed", async () => {
    const { processor: looking, open } = gate(cloud.put);
    const inline = { ...looking, ProcessorConfig: { Mode: "INLINE" } };
    const arn = await cloud.create({
      Items: ["inline/1", "inline/2"],
      MaxConcurrency: 1,
      ItemProcessor: inline,
    });
    await open("inline/1");
    const { executionArn, error } = await ended(cloud.sfn, arn);
    await open("inline/2");

    await cloud.sfn.send(new RedriveExecutionCommand({ executionArn }));

    const { result } = await ended(cloud.sfn, arn, executionArn);
    const { events = [] } = await cloud.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect([error, result]).toEqual(["S3.NoSuchKeyException", ["inline/1", "inline/2"]]);
    expect(events.filter(({ type }) => type === "TaskScheduled")).toHaveLength(3);
  });
});
