import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, test } from "vitest";
import { createStepFunctions } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

const roleArn = "arn:aws:iam::000000000000:role/machine";
const definition = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "A",
  States: { A: { Type: "Succeed" } },
});
const other = definition.replace("Succeed", "Fail");
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function cloud() {
  const services = { call: async () => ({}) };
  const stepFunctions = createStepFunctions({ services, account: "000000000000", region: "us-east-1" });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const create = (over: object = {}) =>
    client.send(new CreateStateMachineCommand({ name: "machine", definition, roleArn, ...over }));
  return { stepFunctions, client, create };
}

describe("CreateStateMachine", () => {
  test("creates a machine that DescribeStateMachine tells of", async () => {
    const { client, create } = await cloud();

    const { stateMachineArn, creationDate } = await create();

    expect(stateMachineArn).toBe("arn:aws:states:us-east-1:000000000000:stateMachine:machine");
    expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
      name: "machine",
      definition,
      roleArn,
      status: "ACTIVE",
      type: "STANDARD",
      creationDate,
    });
  });

  test("is idempotent for the same definition, whatever the role, and refuses another", async () => {
    const { create } = await cloud();
    const first = await create();

    const again = await create({ roleArn: `${roleArn}2` });

    expect(again).toMatchObject({ stateMachineArn: first.stateMachineArn, creationDate: first.creationDate });
    await expect(create({ definition: other })).rejects.toMatchObject({ name: "StateMachineAlreadyExists" });
    await expect(create({ type: "EXPRESS" })).rejects.toMatchObject({ name: "StateMachineAlreadyExists" });
  });

  test("refuses what AWS refuses, by AWS's names", async () => {
    const { create } = await cloud();

    await expect(create({ name: "a/b" })).rejects.toMatchObject({ name: "InvalidName" });
    await expect(create({ name: "x".repeat(81) })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(create({ roleArn: "machine" })).rejects.toMatchObject({ name: "InvalidArn" });
    await expect(create({ type: "SLOW" })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(create({ definition: undefined })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(
      create({ definition: definition.replace('"Type"', '"Timeout":5,"Type"') }),
    ).rejects.toMatchObject({
      name: "InvalidDefinition",
      message:
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'Timeout' is not supported; use 'TimeoutSeconds' at /States/A'",
    });
  });
});

test("UpdateStateMachine changes what it is given and needs something", async () => {
  const { client, create } = await cloud();
  const { stateMachineArn } = await create();

  const { revisionId } = await client.send(
    new UpdateStateMachineCommand({ stateMachineArn, definition: other }),
  );

  expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
    definition: other,
    roleArn,
    revisionId,
  });
  await expect(client.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
    name: "MissingRequiredParameter",
  });
});

test("ListStateMachines pages; DeleteStateMachine removes, and succeeds twice", async () => {
  const { client, create } = await cloud();
  for (const name of ["a", "b", "c"]) await create({ name });
  const { stateMachines, nextToken } = await client.send(new ListStateMachinesCommand({ maxResults: 2 }));
  const stateMachineArn = stateMachines?.[0]?.stateMachineArn;

  await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await client.send(new DeleteStateMachineCommand({ stateMachineArn }));

  expect(stateMachines?.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(nextToken).toBeDefined();
  const left = await client.send(new ListStateMachinesCommand({}));
  expect(left.stateMachines?.map(({ name }) => name)).toEqual(["b", "c"]);
  await expect(client.send(new StartExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
    name: "StateMachineDoesNotExist",
  });
});

test("ValidateStateMachineDefinition answers with diagnostics instead of an error", async () => {
  const { client } = await cloud();
  const validate = (text: string) =>
    client.send(new ValidateStateMachineDefinitionCommand({ definition: text, type: "STANDARD" }));

  expect(await validate(definition)).toMatchObject({ result: "OK", diagnostics: [], truncated: false });
  expect(await validate(definition.replace('"StartAt":"A",', ""))).toMatchObject({
    result: "FAIL",
    diagnostics: [
      {
        severity: "ERROR",
        code: "SCHEMA_VALIDATION_FAILED",
        location: "/",
        message: "These fields are required: [StartAt]",
      },
    ],
  });
});

test("an action that is not there is refused, not ignored", async () => {
  const { stepFunctions } = await cloud();

  expect(await stepFunctions.handle("CreateActivity", {})).toEqual({
    status: 400,
    body: { __type: "UnknownOperationException", message: "The local cloud has no CreateActivity" },
  });
  expect(await stepFunctions.handle("constructor", {})).toMatchObject({ status: 400 });
  expect(await stepFunctions.handle("ListStateMachines", [])).toMatchObject({
    body: { __type: "SerializationException" },
  });
});
