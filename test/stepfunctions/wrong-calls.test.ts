import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListTagsForResourceCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, test } from "vitest";
import { createStepFunctions } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

const roleArn = "arn:aws:iam::000000000000:role/machine";
const prefix = "arn:aws:states:us-east-1:000000000000";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const definitionOf = (states: Record<string, unknown>) =>
  JSON.stringify({ QueryLanguage: "JSONata", StartAt: Object.keys(states)[0], States: states });
const done = { Done: { Type: "Succeed" } };
const waits = { Wait: { Type: "Wait", Seconds: 3600, End: true } };

async function cloud() {
  const services = { call: async () => ({}) };
  const stepFunctions = createStepFunctions({ services, account: "000000000000", region: "us-east-1" });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const create = async (states: Record<string, unknown> = done, over: object = {}) => {
    const definition = definitionOf(states);
    const made = await client.send(
      new CreateStateMachineCommand({ name: "machine", definition, roleArn, ...over }),
    );
    return made.stateMachineArn;
  };
  const start = (stateMachineArn: string | undefined, over: object = {}) =>
    client.send(new StartExecutionCommand({ stateMachineArn, ...over }));
  const ended = (arn: string | undefined) => stepFunctions.execution(arn ?? "")?.execution.result;
  return { stepFunctions, client, create, start, ended };
}

describe("wrong calls get AWS's error names", () => {
  const machineArn = `${prefix}:stateMachine:none`;
  const executionArn = `${prefix}:execution:none:none`;

  test.each<[string, (to: SFNClient) => Promise<unknown>]>([
    ["StateMachineDoesNotExist", (to) => to.send(new StartExecutionCommand({ stateMachineArn: machineArn }))],
    [
      "StateMachineDoesNotExist",
      (to) => to.send(new DescribeStateMachineCommand({ stateMachineArn: machineArn })),
    ],
    [
      "StateMachineDoesNotExist",
      (to) => to.send(new DescribeStateMachineCommand({ stateMachineArn: `${machineArn}:1` })),
    ],
    ["StateMachineDoesNotExist", (to) => to.send(new ListExecutionsCommand({ stateMachineArn: machineArn }))],
    [
      "StateMachineDoesNotExist",
      (to) => to.send(new UpdateStateMachineCommand({ stateMachineArn: machineArn, roleArn })),
    ],
    ["InvalidArn", (to) => to.send(new StartExecutionCommand({ stateMachineArn: "machine" }))],
    ["InvalidArn", (to) => to.send(new DeleteStateMachineCommand({ stateMachineArn: executionArn }))],
    ["InvalidArn", (to) => to.send(new DescribeExecutionCommand({ executionArn: machineArn }))],
    [
      "InvalidArn",
      (to) =>
        to.send(new CreateStateMachineCommand({ name: "m", definition: definitionOf(done), roleArn: "r" })),
    ],
    ["ExecutionDoesNotExist", (to) => to.send(new DescribeExecutionCommand({ executionArn }))],
    ["ExecutionDoesNotExist", (to) => to.send(new GetExecutionHistoryCommand({ executionArn }))],
    ["ExecutionDoesNotExist", (to) => to.send(new StopExecutionCommand({ executionArn }))],
    ["ExecutionDoesNotExist", (to) => to.send(new RedriveExecutionCommand({ executionArn }))],
    [
      "InvalidName",
      (to) =>
        to.send(new CreateStateMachineCommand({ name: "a b", definition: definitionOf(done), roleArn })),
    ],
    [
      "InvalidDefinition",
      (to) => to.send(new CreateStateMachineCommand({ name: "m", definition: "{}", roleArn })),
    ],
    ["InvalidToken", (to) => to.send(new SendTaskSuccessCommand({ taskToken: "none", output: "{}" }))],
    ["InvalidOutput", (to) => to.send(new SendTaskSuccessCommand({ taskToken: "none", output: "{" }))],
    [
      "InvalidOutput",
      (to) =>
        to.send(
          new SendTaskSuccessCommand({ taskToken: "none", output: JSON.stringify("x".repeat(262_144)) }),
        ),
    ],
    ["ResourceNotFound", (to) => to.send(new ListTagsForResourceCommand({ resourceArn: machineArn }))],
    [
      "ValidationException",
      (to) =>
        to.send(
          new ValidateStateMachineDefinitionCommand({ definition: definitionOf(done), maxResults: 101 }),
        ),
    ],
    [
      "InvalidLoggingConfiguration",
      (to) =>
        to.send(
          new CreateStateMachineCommand({
            name: "m",
            definition: definitionOf(done),
            roleArn,
            loggingConfiguration: { level: "ALL" },
          }),
        ),
    ],
  ])("%s (%#)", async (name, send) => {
    const { client } = await cloud();

    await expect(send(client)).rejects.toMatchObject({ name });
  });

  test("a cause that is longer than AWS takes, and a status that does not exist", async () => {
    const { stepFunctions, create, start } = await cloud();
    const stateMachineArn = await create(waits);
    const { executionArn: running } = await start(stateMachineArn);
    const calls: [string, object][] = [
      ["StopExecution", { executionArn: running, cause: "x".repeat(32_769) }],
      ["StartExecution", { stateMachineArn, name: "x".repeat(81) }],
      ["StopExecution", { executionArn: running, error: "x".repeat(257) }],
      ["ListExecutions", { stateMachineArn, statusFilter: "GONE" }],
      ["ListExecutions", { stateMachineArn, redriveFilter: "MAYBE" }],
      ["ListExecutions", { stateMachineArn, maxResults: 1001 }],
      ["DescribeExecution", {}],
      ["StartExecution", { stateMachineArn, input: 5 }],
    ];

    for (const [action, body] of calls) {
      expect(await stepFunctions.handle(action, body)).toMatchObject({
        status: 400,
        body: { __type: "ValidationException" },
      });
    }
  });

  test("input of more than 256 KiB", async () => {
    const { create, start } = await cloud();
    const input = JSON.stringify("x".repeat(262_144));

    await expect(start(await create(), { input })).rejects.toMatchObject({ name: "InvalidExecutionInput" });
  });

  test("a name is the same start only while it runs with the same input", async () => {
    const { client, create, start, ended } = await cloud();
    const stateMachineArn = await create(waits);
    const first = await start(stateMachineArn, { name: "one", input: '{"a":1}' });

    const again = await start(stateMachineArn, { name: "one", input: '{"a":1}' });

    expect(again).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    const exists = { name: "ExecutionAlreadyExists" };
    await expect(start(stateMachineArn, { name: "one", input: '{"a":2}' })).rejects.toMatchObject(exists);
    await client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    await ended(first.executionArn);
    await expect(start(stateMachineArn, { name: "one", input: '{"a":1}' })).rejects.toMatchObject(exists);
  });
});

describe("deleting a machine of which executions run", () => {
  test("waits for the last of them; until then nothing starts, and no other takes its name", async () => {
    const { client, create, start, ended } = await cloud();
    const stateMachineArn = await create(waits);
    const { executionArn } = await start(stateMachineArn);

    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));

    const deleting = { name: "StateMachineDeleting" };
    expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
      status: "DELETING",
    });
    await expect(start(stateMachineArn)).rejects.toMatchObject(deleting);
    await expect(create(waits)).rejects.toMatchObject(deleting);
    await expect(
      client.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn })),
    ).rejects.toMatchObject(deleting);
    await client.send(new StopExecutionCommand({ executionArn }));
    await ended(executionArn);
    await expect(start(stateMachineArn)).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  });
});

describe("EXPRESS machines", () => {
  test("StartSyncExecution answers with how the execution ended", async () => {
    const { client, create } = await cloud();
    const fails = { Fail: { Type: "Fail", Error: "Wrong", Cause: "{% $states.input.why %}" } };
    const fine = await create(done, { type: "EXPRESS", name: "fine" });
    const wrong = await create(fails, { type: "EXPRESS", name: "wrong" });

    const succeeded = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: fine, name: "one", input: '{"a":1}' }),
    );
    const failed = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: wrong, input: '{"why":"because"}' }),
    );

    expect(succeeded).toMatchObject({
      executionArn: expect.stringMatching(`^${prefix}:express:fine:one:`),
      status: "SUCCEEDED",
      input: '{"a":1}',
      output: '{"a":1}',
    });
    expect(failed).toMatchObject({ status: "FAILED", error: "Wrong", cause: "because" });
  });

  test("lists and synchronous starts are each for one type of machine", async () => {
    const { client, create } = await cloud();
    const express = await create(done, { type: "EXPRESS", name: "express" });
    const standard = await create(done);
    const unsupported = { name: "StateMachineTypeNotSupported" };

    await expect(client.send(new ListExecutionsCommand({ stateMachineArn: express }))).rejects.toMatchObject(
      unsupported,
    );
    await expect(
      client.send(new StartSyncExecutionCommand({ stateMachineArn: standard })),
    ).rejects.toMatchObject(unsupported);
  });
});

test("ListExecutions tells the redriven from the others", async () => {
  const { client, create, start, ended } = await cloud();
  const stateMachineArn = await create({ Fail: { Type: "Fail" } });
  for (const name of ["once", "twice"]) await ended((await start(stateMachineArn, { name })).executionArn);
  const executionArn = `${prefix}:execution:machine:twice`;
  await client.send(new RedriveExecutionCommand({ executionArn }));
  await ended(executionArn);
  const names = async (redriveFilter: "REDRIVEN" | "NOT_REDRIVEN") => {
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }));
    return executions?.map(({ name }) => name);
  };

  expect([await names("REDRIVEN"), await names("NOT_REDRIVEN")]).toEqual([["twice"], ["once"]]);
});

test("tags are kept, replaced and removed", async () => {
  const { client, create } = await cloud();
  const resourceArn = await create(done, { tags: [{ key: "stage", value: "local" }] });

  await client.send(
    new TagResourceCommand({
      resourceArn,
      tags: [
        { key: "stage", value: "test" },
        { key: "team", value: "data" },
      ],
    }),
  );
  const both = await client.send(new ListTagsForResourceCommand({ resourceArn }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["stage"] }));
  const one = await client.send(new ListTagsForResourceCommand({ resourceArn }));

  expect(both.tags).toEqual([
    { key: "stage", value: "test" },
    { key: "team", value: "data" },
  ]);
  expect(one.tags).toEqual([{ key: "team", value: "data" }]);
});

test("a version is not published silently", async () => {
  const { stepFunctions } = await cloud();

  expect(
    await stepFunctions.handle("CreateStateMachine", {
      name: "m",
      definition: definitionOf(done),
      roleArn,
      publish: true,
    }),
  ).toMatchObject({ status: 400, body: { __type: "UnknownOperationException" } });
});

test("diagnostics beyond maxResults are cut off, and it is said", async () => {
  const { client } = await cloud();
  const definition = definitionOf({ A: { Type: "Pass", Next: "B", Foo: 1 }, C: { Type: "Succeed" } });

  const answer = await client.send(
    new ValidateStateMachineDefinitionCommand({
      definition,
      type: "STANDARD",
      maxResults: 1,
      severity: "ERROR",
    }),
  );

  expect(answer).toMatchObject({ result: "FAIL", truncated: true });
  expect(answer.diagnostics).toEqual([
    {
      severity: "ERROR",
      code: "SCHEMA_VALIDATION_FAILED",
      location: "/States/A",
      message: "Field 'Foo' is not supported",
    },
  ]);
});
