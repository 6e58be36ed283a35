import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { text } from "node:stream/consumers";

/** What a service answers: the status, and the body's JSON. */
export type Answer = readonly [status: number, body: object];

/**
 * A service of AWS's JSON protocol under a load that nobody can make here: it answers as told.
 * @param protocol Kinesis' client speaks HTTP/2, and knows so before it asks
 * @param answer by the request's JSON
 */
export async function busyService(protocol: "HTTP/1.1" | "HTTP/2", answer: (request: string) => Answer) {
  const server = protocol === "HTTP/2" ? createHttp2Server() : createServer();
  server.on("request", async (request, response) => {
    const [status, body] = answer(await text(request));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    },
    close: () => server.close(),
  };
}
