import {
  TestStateCommand,
  type TestStateCommandInput,
  type TestStateCommandOutput,
} from "@aws-sdk/client-sfn";
import type { Clock, Services } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions } from "../../packages/local/src/stepfunctions/index.ts";
import { virtualClock } from "../engine/virtual-clock.ts";
import { connect } from "./endpoint.ts";

export const roleArn = "arn:aws:iam::000000000000:role/machine";

/** A call of TestState in which whatever is JSON text in the API is a value. */
export type Call = Omit<TestStateCommandInput, "definition" | "input" | "variables" | "context"> & {
  readonly input?: unknown;
  readonly variables?: unknown;
  readonly context?: unknown;
};

/** Tests a state in JSONata; answers without the SDK's metadata. */
export type TestState = (
  definition: object,
  call?: Call,
) => Promise<Omit<TestStateCommandOutput, "$metadata">>;

/**
 * A Step Functions of its own behind the real protocol; its clock jumps over waits. A state that reads compressed data
 * needs the system's: unpacking is done by threads, which the other does not see at work.
 */
export async function testStateOver(
  call: Services["call"] = async () => ({}),
  clock: Clock = virtualClock(),
): Promise<{ testState: TestState; close: () => Promise<void> }> {
  const services = { call };
  const stepFunctions = createStepFunctions({
    services,
    clock,
    account: "000000000000",
    region: "us-east-1",
  });
  const { client, close } = await connect(stepFunctions);
  const testState: TestState = async (definition, { input = {}, variables, context, ...over } = {}) => {
    const { $metadata: _, ...answer } = await client.send(
      new TestStateCommand({
        definition: JSON.stringify({ QueryLanguage: "JSONata", ...definition }),
        roleArn,
        input: JSON.stringify(input),
        ...(variables === undefined ? {} : { variables: JSON.stringify(variables) }),
        ...(context === undefined ? {} : { context: JSON.stringify(context) }),
        ...over,
      }),
    );
    return answer;
  };
  return { testState, close };
}

/** A task that invokes a function with the state's input. */
export const invoke = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "refine", Payload: "{% $states.input %}" },
  End: true,
};

export function mockError(error: string, cause = "because"): { errorOutput: object } {
  return { errorOutput: { error, cause } };
}

export function mockResult(value: unknown): { result: string } {
  return { result: JSON.stringify(value) };
}
