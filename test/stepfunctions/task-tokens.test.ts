import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, expect, test } from "vitest";
import { createStepFunctions } from "../../packages/local/src/stepfunctions/index.ts";
import { connect } from "./endpoint.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An execution that waits for its token, which `taskToken` is. */
async function asked() {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const stepFunctions = createStepFunctions({
    services: {
      call: async (task) => {
        resolve(task.taskToken);
        return { MessageId: "m" };
      },
    },
    account: "000000000000",
    region: "us-east-1",
  });
  const { client, close } = await connect(stepFunctions);
  closing.push(close);
  const states = {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Arguments: { QueueUrl: "https://queue", MessageBody: "{% $states.context.Task.Token %}" },
      End: true,
    },
  };
  const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Ask", States: states });
  const roleArn = "arn:aws:iam::000000000000:role/machine";
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({ name: "m", definition, roleArn }),
  );
  const { executionArn = "" } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  const ended = async () => {
    await stepFunctions.execution(executionArn)?.execution.result;
    return client.send(new DescribeExecutionCommand({ executionArn }));
  };
  return { client, taskToken: await promise, ended };
}

test("SendTaskSuccess ends the task with its output, once", async () => {
  const { client, taskToken, ended } = await asked();
  const succeed = (output: string) => client.send(new SendTaskSuccessCommand({ taskToken, output }));

  await expect(succeed("{")).rejects.toMatchObject({ name: "InvalidOutput" });
  await client.send(new SendTaskHeartbeatCommand({ taskToken }));
  await succeed('{"done":true}');

  expect(await ended()).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
  await expect(succeed("{}")).rejects.toMatchObject({ name: "TaskTimedOut" });
});

test("SendTaskFailure fails the task with its error and cause", async () => {
  const { client, taskToken, ended } = await asked();

  await client.send(new SendTaskFailureCommand({ taskToken, error: "Refused", cause: "by hand" }));

  expect(await ended()).toMatchObject({ status: "FAILED", error: "Refused", cause: "by hand" });
});

test("a token that was never given out is invalid", async () => {
  const { client } = await asked();

  await expect(
    client.send(new SendTaskSuccessCommand({ taskToken: "made up", output: "{}" })),
  ).rejects.toMatchObject({ name: "InvalidToken" });
});
