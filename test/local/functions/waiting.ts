import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

/** Answers a request when another function has answered. */
export async function waiting(): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: "other", Payload: '{"ms": 50}' });
  const { Payload, FunctionError } = await new LambdaClient({}).send(command);
  return { statusCode: FunctionError === undefined ? 200 : 500, body: Payload?.transformToString() ?? "" };
}
