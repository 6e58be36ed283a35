import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SFNClient } from "@aws-sdk/client-sfn";
import type { StepFunctions } from "../../packages/local/src/stepfunctions/index.ts";

/** A client of the real SDK, talking over HTTP to the given Step Functions. */
export async function connect(
  stepFunctions: StepFunctions,
): Promise<{ client: SFNClient; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const action = String(request.headers["x-amz-target"]).replace("AWSStepFunctions.", "");
    const { status, body } = await stepFunctions.handle(action, JSON.parse(await text(request)));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  const client = new SFNClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
    disableHostPrefix: true, // StartSyncExecution goes to sync-states…
  });
  const close = async () => {
    client.destroy();
    await stepFunctions.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, close };
}
