import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TaskFailure } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions, type Retention } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

const roleArn = "arn:aws:iam::000000000000:role/machine";
/** Passes its input on, or fails when that says so; `broken` is a switch that a test can turn. */
const definition = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "Call",
  States: {
    Call: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
      End: true,
    },
  },
});

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

let directory: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "penstock-retention-"));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(directory, { recursive: true, force: true });
});

/** A Step Functions with one machine; an input of `{"broken":true}` fails while `state.broken` holds. */
async function cloud(retention: Retention, name = "machine") {
  const state = { broken: true };
  const stepFunctions = createStepFunctions({
    services: {
      call: async ({ arguments: given }) => {
        if (state.broken && JSON.stringify(given).includes("broken"))
          throw new TaskFailure("Broken", "by design");
        return given;
      },
    },
    account: "000000000000",
    region: "us-east-1",
    retention,
  });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  const start = async (execution: string, input = '{"n": 1}') => {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: execution, input }),
    );
    await stepFunctions.execution(executionArn ?? "")?.execution.result;
    return executionArn;
  };
  const names = async () => {
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions?.map((execution) => execution.name);
  };
  return { client, stepFunctions, stateMachineArn, start, names, state };
}

describe("without files", () => {
  test("as many objects are held after ten thousand executions as after the first that are kept", async () => {
    const { stepFunctions, stateMachineArn } = await cloud({ finished: 25 });
    const held = () => [...stepFunctions.executions()].length;
    const counts: number[] = [];

    // Not through a socket: that is another's time. A weak reference tells what nobody holds any more.
    const early: WeakRef<object>[] = [];
    for (let round = 0; round < 10_000; round++) {
      const { body } = await stepFunctions.handle("StartExecution", { stateMachineArn, input: '{"n":1}' });
      const execution = stepFunctions.execution(String(body.executionArn))?.execution;
      await execution?.result;
      if (round < 1000 && execution !== undefined) early.push(new WeakRef(execution));
      if (round % 1000 === 999) counts.push(held());
    }
    const { body } = await stepFunctions.handle("ListExecutions", { stateMachineArn, maxResults: 1000 });

    expect(counts).toEqual(Array(10).fill(25));
    expect(body.executions).toHaveLength(25);
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(early.filter((each) => each.deref() !== undefined)).toEqual([]);
  });

  test("the newest are described, listed and told the history of; older ones do not exist any more", async () => {
    const { client, start, names } = await cloud({ finished: 2 });

    const arns = [await start("a"), await start("b"), await start("c")];

    expect(await names()).toEqual(["c", "b"]);
    const [gone, oldest] = arns;
    const history = await client.send(new GetExecutionHistoryCommand({ executionArn: oldest }));
    expect(history.events?.at(-1)).toMatchObject({ type: "ExecutionSucceeded" });
    const absent = { name: "ExecutionDoesNotExist" };
    await expect(client.send(new DescribeExecutionCommand({ executionArn: gone }))).rejects.toMatchObject(
      absent,
    );
    await expect(client.send(new GetExecutionHistoryCommand({ executionArn: gone }))).rejects.toMatchObject(
      absent,
    );
  });

  test("many that succeed do not push out one that failed and can be redriven", async () => {
    const { client, start, names, state } = await cloud({ finished: 2 });
    const executionArn = await start("failed", '{"broken": true}');
    for (const name of ["a", "b", "c", "d"]) await start(name);
    state.broken = false;

    expect(await names()).toEqual(["d", "c", "failed"]);
    await client.send(new RedriveExecutionCommand({ executionArn }));
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described.redriveCount).toBe(1);
  });

  test("running executions are never forgotten", async () => {
    const { client, start, names, stepFunctions } = await cloud({ finished: 1 });
    const waiting = JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", Seconds: 3600, End: true } },
    });
    const other = await client.send(
      new CreateStateMachineCommand({ name: "waiting", definition: waiting, roleArn }),
    );
    const arns: (string | undefined)[] = [];
    for (const name of ["a", "b", "c"]) {
      const command = new StartExecutionCommand({ stateMachineArn: other.stateMachineArn, name });
      arns.push((await client.send(command)).executionArn);
    }

    for (const name of ["d", "e"]) await start(name);

    expect([...stepFunctions.executions()].map(({ execution }) => execution.facts.name)).toEqual([
      "a",
      "b",
      "c",
      "e",
    ]);
    expect(await names()).toEqual(["e"]);
    await client.send(new StopExecutionCommand({ executionArn: arns[0] }));
    const described = await client.send(new DescribeExecutionCommand({ executionArn: arns[0] }));
    expect(described.status).toBe("ABORTED");
  });
});

describe("with files", () => {
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
});
