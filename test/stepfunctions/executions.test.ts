import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, test } from "vitest";
import { type TaskCall, TaskFailure } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions, type StatusChangeEvent } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

const roleArn = "arn:aws:iam::000000000000:role/machine";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A cloud whose tasks are answered by `answer`, and what it told EventBridge. */
async function cloud(answer: (task: TaskCall) => unknown = ({ arguments: payload }) => payload) {
  const events: StatusChangeEvent[] = [];
  const stepFunctions = createStepFunctions({
    services: { call: async (task) => answer(task) },
    events: (event) => events.push(event),
    account: "000000000000",
    region: "us-east-1",
  });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const ended = async (arn: string | undefined) => {
    for (const { execution } of stepFunctions.executions())
      if (execution.facts.arn === arn) await execution.result;
  };
  return { client, events, ended };
}

async function create(client: SFNClient, states: Record<string, unknown>, name = "machine") {
  const definition = JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: Object.keys(states)[0],
    States: states,
  });
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  return { stateMachineArn, definition };
}

const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const waiting = { Wait: { Type: "Wait", Seconds: 3600, End: true } };

describe("StartExecution", () => {
  test("runs the machine; DescribeExecution tells input and output, GetExecutionHistory the events", async () => {
    const { client, ended } = await cloud();
    const { stateMachineArn } = await create(client, {
      Double: { Type: "Pass", Output: { doubled: "{% $states.input.n * 2 %}" }, End: true },
    });

    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: "first", input: '{"n": 21}' }),
    );
    await ended(executionArn);

    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({
      executionArn: "arn:aws:states:us-east-1:000000000000:execution:machine:first",
      status: "SUCCEEDED",
      input: '{"n": 21}',
      output: '{"doubled":42}',
      redriveStatus: "NOT_REDRIVABLE",
    });
    expect(described.stopDate).toBeInstanceOf(Date);
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, "ExecutionStarted"],
      [2, 0, "PassStateEntered"],
      [3, 2, "PassStateExited"],
      [4, 3, "ExecutionSucceeded"],
    ]);
    expect(events?.[0]?.executionStartedEventDetails).toMatchObject({ input: '{"n":21}', roleArn });
    expect(events?.[2]?.stateExitedEventDetails).toMatchObject({ name: "Double", output: '{"doubled":42}' });
  });

  test("returns the running execution of the same name and input, and refuses the name otherwise", async () => {
    const { client } = await cloud();
    const { stateMachineArn } = await create(client, waiting);
    const start = (input: string) =>
      client.send(new StartExecutionCommand({ stateMachineArn, name: "once", input }));

    const first = await start("{}");
    const again = await start("{}");

    expect(again).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(start('{"other":1}')).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    await expect(start("{}")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  test("refuses input that is not JSON, a name with a space, and a machine that does not exist", async () => {
    const { client } = await cloud();
    const { stateMachineArn } = await create(client, waiting);
    const start = (over: object) => client.send(new StartExecutionCommand({ stateMachineArn, ...over }));

    await expect(start({ input: "{" })).rejects.toMatchObject({ name: "InvalidExecutionInput" });
    await expect(start({ input: JSON.stringify("x".repeat(262_144)) })).rejects.toMatchObject({
      name: "InvalidExecutionInput",
    });
    await expect(start({ name: "a b" })).rejects.toMatchObject({ name: "InvalidName" });
    await expect(start({ stateMachineArn: "nonsense" })).rejects.toMatchObject({ name: "InvalidArn" });
    await expect(start({ stateMachineArn: `${stateMachineArn}x` })).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
  });

  test("carries to the services what a call needs: resource, arguments, execution, role", async () => {
    const calls: TaskCall[] = [];
    const { client, ended } = await cloud((task) => calls.push(task));
    const { stateMachineArn } = await create(client, {
      Invoke: { ...invoke, Arguments: { FunctionName: "f", Payload: "{% $states.input %}" }, End: true },
    });

    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: "x", input: "[1]" }),
    );
    await ended(executionArn);

    expect(calls).toMatchObject([
      {
        resource: "arn:aws:states:::lambda:invoke",
        target: { kind: "integration", service: "lambda", action: "invoke", pattern: "response", sdk: false },
        arguments: { FunctionName: "f", Payload: [1] },
        execution: {
          arn: executionArn,
          name: "x",
          machineArn: stateMachineArn,
          machineName: "machine",
          roleArn,
        },
        state: { name: "Invoke", retryCount: 0 },
      },
    ]);
    expect(calls[0]?.taskToken).toBeUndefined();
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});

describe("an execution's life", () => {
  test("StopExecution aborts it and interrupts the running task", async () => {
    let interrupted: unknown;
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const { client, ended } = await cloud(({ signal }) => {
      resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          interrupted = true;
          reject(signal.reason);
        });
      });
    });
    const { stateMachineArn } = await create(client, {
      Invoke: { ...invoke, Arguments: { FunctionName: "f" }, End: true },
    });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await called;

    await client.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "We are done" }));
    await ended(executionArn);

    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: "ABORTED", error: "Enough", cause: "We are done" });
    expect(interrupted).toBe(true);
    const { events } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }),
    );
    expect(events?.[0]).toMatchObject({
      type: "ExecutionAborted",
      executionAbortedEventDetails: { error: "Enough", cause: "We are done" },
    });
  });

  test("RedriveExecution goes on at the failed state with the same input, and the history continues", async () => {
    let broken = true;
    const { client, ended } = await cloud(({ arguments: payload }) => {
      if (broken) throw new TaskFailure("Broken", "not yet");
      return payload;
    });
    const { stateMachineArn } = await create(client, {
      Prepare: { Type: "Pass", Assign: { kept: 7 }, Next: "Invoke" },
      Invoke: {
        ...invoke,
        Arguments: { FunctionName: "f", Payload: "{% $states.input.n %}" },
        Output: "{% $kept + $states.result.Payload %}",
        End: true,
      },
    });
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"n":1}' }),
    );
    await ended(executionArn);
    const failed = await client.send(new DescribeExecutionCommand({ executionArn }));
    broken = false;

    await client.send(new RedriveExecutionCommand({ executionArn }));
    await ended(executionArn);

    expect(failed).toMatchObject({
      status: "FAILED",
      error: "Broken",
      cause: "not yet",
      redriveStatus: "REDRIVABLE",
    });
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: "SUCCEEDED", output: "8", redriveCount: 1 });
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
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
    expect(events?.[8]?.executionRedrivenEventDetails).toEqual({ redriveCount: 1 });
    await expect(client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution is SUCCEEDED and cannot be redriven",
    });
  });

  test("every change of status reaches EventBridge in its own shape", async () => {
    const { client, events, ended } = await cloud();
    const good = await create(client, { Fine: { Type: "Succeed" } }, "good");
    const bad = await create(client, { Bad: { Type: "Fail", Error: "Oops", Cause: "because" } }, "bad");

    for (const { stateMachineArn } of [good, bad]) {
      const { executionArn } = await client.send(
        new StartExecutionCommand({ stateMachineArn, name: "run", input: '{"a":1}' }),
      );
      await ended(executionArn);
    }

    expect(events.map(({ detail }) => [detail.stateMachineArn.split(":").at(-1), detail.status])).toEqual([
      ["good", "RUNNING"],
      ["good", "SUCCEEDED"],
      ["bad", "RUNNING"],
      ["bad", "FAILED"],
    ]);
    expect(events[1]).toMatchObject({
      source: "aws.states",
      "detail-type": "Step Functions Execution Status Change",
      account: "000000000000",
      region: "us-east-1",
      resources: ["arn:aws:states:us-east-1:000000000000:execution:good:run"],
      detail: {
        name: "run",
        input: '{"a":1}',
        inputDetails: { included: true },
        output: '{"a":1}',
        outputDetails: { included: true },
        error: null,
        cause: null,
        redriveStatus: "NOT_REDRIVABLE",
      },
    });
    expect(events[3]?.detail).toMatchObject({
      output: null,
      outputDetails: null,
      error: "Oops",
      cause: "because",
    });
    expect(events[0]?.detail.stopDate).toBeNull();
  });

  test("an execution keeps the definition that it was started with", async () => {
    const { client } = await cloud();
    const { stateMachineArn, definition } = await create(client, waiting);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));

    const changed = definition.replace("3600", "7200");
    await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: changed }));

    const described = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(described.definition).toBe(definition);
  });
});

describe("lists", () => {
  test("ListExecutions has the newest first, filters by status and pages", async () => {
    const { client, ended } = await cloud();
    const { stateMachineArn } = await create(client, { Fine: { Type: "Succeed" } });
    for (const name of ["a", "b", "c"]) {
      const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name }));
      await ended(executionArn);
    }

    const first = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
    const rest = await client.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken: first.nextToken }),
    );
    const none = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "FAILED" }));

    expect(first.executions?.map(({ name }) => name)).toEqual(["c", "b"]);
    expect(rest.executions?.map(({ name }) => name)).toEqual(["a"]);
    expect(rest.nextToken).toBeUndefined();
    expect(none.executions).toEqual([]);
    await expect(
      client.send(new ListExecutionsCommand({ stateMachineArn, nextToken: "nonsense" })),
    ).rejects.toMatchObject({ name: "InvalidToken" });
  });

  test("GetExecutionHistory pages in both orders, with or without the data", async () => {
    const { client, ended } = await cloud();
    const { stateMachineArn } = await create(client, {
      One: { Type: "Pass", Next: "Two" },
      Two: { Type: "Pass", End: true },
    });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await ended(executionArn);
    const pages = async (reverseOrder: boolean) => {
      const ids: (number | undefined)[][] = [];
      let nextToken: string | undefined;
      do {
        const answer = await client.send(
          new GetExecutionHistoryCommand({ executionArn, reverseOrder, maxResults: 4, nextToken }),
        );
        ids.push((answer.events ?? []).map(({ id }) => id));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return ids;
    };

    expect(await pages(false)).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(await pages(true)).toEqual([
      [6, 5, 4, 3],
      [2, 1],
    ]);
    const bare = await client.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }),
    );
    expect(bare.events?.[1]?.stateEnteredEventDetails).toMatchObject({ name: "One" });
    expect(bare.events?.[1]?.stateEnteredEventDetails?.input).toBeUndefined();
  });
});
