import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../engine/index.ts";
import { AwsError } from "../gateway/aws-error.ts";
import { readBody } from "../gateway/request-body.ts";
import type { Functions } from "../lambda/lambda-service.ts";
import { type Authorizers, Refused } from "./authorize.ts";
import { matchRoute } from "./match-route.ts";
import { proxyEvent } from "./proxy-event.ts";
import { gatewayAnswer, type HttpAnswer, proxyResult } from "./proxy-result.ts";
import type { HttpApi } from "./read-apis.ts";

/** The largest request that an HTTP API takes. */
const PAYLOAD_BYTES = 10 * 1024 * 1024;

export interface ApiServing {
  readonly api: HttpApi;
  readonly account: string;
  readonly authorizers: Authorizers;
  readonly functions: Functions;
  /** Whether API Gateway may invoke a function on behalf of a route of the API, `POST /api/x`. */
  readonly mayInvoke: (functionArn: string, routeKey: string) => Promise<boolean>;
  readonly clock: Clock;
}

/** Answers one request as API Gateway does: route, token, size, function, answer. */
export async function serveApi(
  serving: ApiServing,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const { status, headers, body } = await answerTo(serving, request, requestId).catch(refusal);
  // A body that nobody read would be taken for the next request on this connection.
  if (!request.complete) response.setHeader("connection", "close");
  request.resume();
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  response.writeHead(status, { "content-length": body.length, "apigw-requestid": requestId });
  response.end(body);
}

async function answerTo(
  serving: ApiServing,
  request: IncomingMessage,
  requestId: string,
): Promise<HttpAnswer> {
  const { api, account, authorizers, functions, mayInvoke, clock } = serving;
  const [path = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const matched = matchRoute(api.routes, request.method ?? "GET", path);
  if (matched === undefined) return gatewayAnswer(404, "Not Found");
  const authorized = await authorizers.check(matched.route, request.headers.authorization);
  if (Number(request.headers["content-length"] ?? 0) > PAYLOAD_BYTES) throw tooLarge();
  const body = await readBody(request, PAYLOAD_BYTES);
  const local = functions.find(matched.route.functionArn);
  // As on AWS: the caller is not told why.
  if (!(await mayInvoke(local.arn, matched.route.key))) return gatewayAnswer(500, "Internal Server Error");
  const event = proxyEvent({
    api,
    account,
    matched,
    authorized,
    request,
    path,
    search,
    body,
    requestId,
    now: Math.round(clock.now()),
  });
  const invocation = await functions.invoke(local.functionName, JSON.stringify(event), "http");
  if (invocation.outcome === "failed") return gatewayAnswer(500, "Internal Server Error");
  return proxyResult(invocation.payload);
}

function tooLarge(): AwsError {
  return new AwsError("RequestEntityTooLargeException", "Request Entity Too Large", 413);
}

function refusal(error: unknown): HttpAnswer {
  if (error instanceof Refused) {
    return gatewayAnswer(error.status, error.status === 401 ? "Unauthorized" : "Forbidden", {
      "www-authenticate": error.challenge,
    });
  }
  // Lambda takes less than API Gateway: 6 MiB, base64 and the event around it included.
  if (error instanceof AwsError && error.status === 413)
    return gatewayAnswer(413, "Request Entity Too Large");
  return gatewayAnswer(500, "Internal Server Error");
}
