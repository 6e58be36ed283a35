import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { CredentialIssuer } from "../gateway/credentials.ts";
import { type Listening, listen } from "../gateway/listen.ts";
import type { WantedDistribution } from "../program/distributions.ts";

/** What a distribution hands on of a request: ranges and conditions. Query and cookies stay behind, as its cache has it. */
const PASSED_ON = ["range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
/** What S3 says to its caller alone. */
const HOP = new Set(["connection", "keep-alive", "transfer-encoding"]);

export interface DistributionSides {
  /** Of the gateway, behind which the bucket is. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: CredentialIssuer;
}

/**
 * Serves a distribution on the loopback: GET and HEAD of its bucket's objects, asked for by CloudFront in its own name, so that
 * the bucket's and its key's own policies decide. Nothing is cached, and HTTP stands for HTTPS.
 * @throws {PortTaken}
 */
export function serveDistribution(
  wanted: WantedDistribution,
  port: number,
  sides: DistributionSides,
): Promise<Listening> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // A caller that goes away must not take the cloud with it.
    request.on("error", () => {});
    response.on("error", () => {});
    request.resume();
    if (request.method === "GET" || request.method === "HEAD") passOn(wanted, sides, request, response);
    else refuse(response);
  });
  return listen(server, port);
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { "content-type": "text/plain" });
  response.end("This distribution is not configured to allow the HTTP request method of this request.\n");
}

function passOn(
  { arn, bucket, nosniff }: WantedDistribution,
  { endpoint, region, credentials }: DistributionSides,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const identity = { name: "cloudfront.amazonaws.com", sourceArn: arn };
  const { accessKeyId } = credentials.issueToService(identity);
  const [path = "/"] = (request.url ?? "/").split("?", 1);
  const headers = Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const scope = `${accessKeyId}/20260101/${region}/s3/aws4_request`;
  const { hostname, port } = new URL(endpoint);
  const asked = send(
    {
      hostname,
      port,
      // As it came: an address would be made shorter by its `..`, into another bucket.
      path: `/${bucket}${path}`,
      method: request.method,
      headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${scope}` },
    },
    (answer) => {
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && !HOP.has(name)) response.setHeader(name, value);
      }
      if (nosniff) response.setHeader("x-content-type-options", "nosniff");
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    },
  );
  asked.on("error", () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  response.once("close", () => asked.destroy());
  asked.end();
}
