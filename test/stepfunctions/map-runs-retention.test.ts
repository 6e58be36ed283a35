import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TaskFailure } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions, type Retention } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

let directory: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "penstock-map-runs-"));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs a machine whose one state, a Distributed Map with the label `each`, calls a task for each of so many items. */
async function mapRun(retention: Retention, items: number, answer: (item: unknown) => unknown) {
  const stepFunctions = createStepFunctions({
    services: { call: async ({ arguments: item }) => answer(item) },
    account: "000000000000",
    region: "us-east-1",
    retention,
  });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const Call = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
    End: true,
  };
  const Each = {
    Type: "Map",
    Label: "each",
    Items: `{% [1..${items}] %}`,
    ToleratedFailureCount: items - 1,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "Call",
      States: { Call },
    },
    Output: "{% $count($states.result) %}",
    End: true,
  };
  const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Each", States: { Each } });
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({
      name: "machine",
      definition,
      roleArn: "arn:aws:iam::000000000000:role/machine",
    }),
  );
  const { executionArn = "" } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  const ended = async () => {
    await stepFunctions.execution(executionArn)?.execution.result;
    return client.send(new DescribeExecutionCommand({ executionArn }));
  };
  await ended();
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn;
  const children = async () =>
    (await client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1000 }))).executions ?? [];
  const counts = async () => (await client.send(new DescribeMapRunCommand({ mapRunArn }))).executionCounts;
  return { client, executionArn, mapRunArn, ended, children, counts };
}

test("only the newest children stay in memory; the Map Run counts all", async () => {
  const { children, counts, ended } = await mapRun({ finished: 10 }, 500, (item) => item);

  expect(await children()).toHaveLength(10);
  expect(await counts()).toMatchObject({ succeeded: 500, total: 500 });
  expect((await ended()).output).toBe("500");
});

test("children have room of their own: the execution that started them stays", async () => {
  const { ended } = await mapRun({ finished: 1 }, 50, (item) => item);

  expect((await ended()).status).toBe("SUCCEEDED");
});

test("a redrive runs the failed children that left memory too", async () => {
  let broken = true;
  const { client, executionArn, children, counts, ended } = await mapRun({ finished: 2 }, 5, (item) => {
    if (broken) throw new TaskFailure("Broken");
    return item;
  });
  const before = [await children(), await counts()];
  broken = false;

  await client.send(new RedriveExecutionCommand({ executionArn }));

  expect((await ended()).output).toBe("5");
  expect(before).toMatchObject([[{}, {}], { failed: 5 }]);
  expect(await counts()).toMatchObject({ succeeded: 5, failed: 0, total: 5 });
});

test("when executions are kept, children are files below their machine, and told of as from memory", async () => {
  const { client, mapRunArn, children } = await mapRun({ finished: 2, directory }, 20, (item) => item);

  const all = await children();
  const oldest = { executionArn: all.at(-1)?.executionArn };
  const described = await client.send(new DescribeExecutionCommand(oldest));
  const { events = [] } = await client.send(new GetExecutionHistoryCommand(oldest));

  expect(all).toHaveLength(20);
  expect(await readdir(join(directory, "machine", "each"))).toHaveLength(20);
  expect(described).toMatchObject({ mapRunArn, status: "SUCCEEDED", input: expect.stringMatching(/^\d+$/) });
  expect(events.at(-1)?.type).toBe("ExecutionSucceeded");
});
