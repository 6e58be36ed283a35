import { TaskTokens } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions } from "../../packages/local/src/stepfunctions/index.ts";
import { virtualClock } from "../engine/virtual-clock.ts";
import type { Case } from "./cases.ts";
import { difference } from "./compare.ts";
import { replay } from "./replay.ts";

/** Asks the API to test the state of a case; the first difference from what AWS answered. */
export async function testStateCase(one: Case): Promise<string | undefined> {
  const { definition, input, testState = {}, expected, rules } = one;
  const { variables, context, mock, ...configuration } = testState;
  const stepFunctions = createStepFunctions({
    services: replay(one, new TaskTokens()),
    clock: virtualClock(),
    account: "111111111111",
    region: "us-east-1",
  });
  const { status, body } = await stepFunctions.handle("TestState", {
    ...configuration,
    definition: JSON.stringify(definition),
    roleArn: "arn:aws:iam::111111111111:role/sfn-test-role",
    input: JSON.stringify(input),
    ...(variables === undefined ? {} : { variables: JSON.stringify(variables) }),
    ...(context === undefined ? {} : { context: JSON.stringify(context) }),
    ...(mock === undefined ? {} : { mock: { ...mock, ...result(mock) } }),
  });
  if (status !== 200) return `the call was refused: ${JSON.stringify(body)}`;
  const { output, inspectionData } = body;
  const answer = {
    ...body,
    ...(output === undefined ? {} : { output: decoded(output) }),
    ...(inspectionData === undefined ? {} : { inspectionData: members(inspectionData) }),
  };
  return difference(expected, answer, rules, "answer");
}

/** The mocked result is JSON text in the API. */
function result(mock: Readonly<Record<string, unknown>>): object {
  return mock.result === undefined ? {} : { result: JSON.stringify(mock.result) };
}

function members(data: unknown): object {
  return Object.fromEntries(Object.entries(Object(data)).map(([name, value]) => [name, decoded(value)]));
}

/** Data is JSON text in the API, and decoded in the recordings: exactly one level deep. */
function decoded(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}
