import { CreateStateMachineCommand, ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { onTestFinished } from "vitest";
import { TaskFailure } from "../../packages/local/src/engine/index.ts";
import { createStepFunctions, type Retention } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

export const roleArn = "arn:aws:iam::000000000000:role/machine";
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

/** A Step Functions with one machine; an input of `{"broken":true}` fails while `state.broken` holds. */
export async function cloud(retention: Retention, name = "machine") {
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
  onTestFinished(close);
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
