import type { IncomingMessage } from "node:http";
import type { Authorized } from "./authorize.ts";
import type { Matched } from "./match-route.ts";
import type { HttpApi } from "./read-apis.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Bodies of other types reach a function in base64. */
const textual = /^(text\/|application\/(json|javascript|xml)|[^;]+\+(json|xml)\s*(;|$))/i;

/**
 * A request as a function is told of it: payload format 2.0.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function proxyEvent(from: {
  readonly api: HttpApi;
  readonly account: string;
  readonly matched: Matched;
  readonly authorized: Authorized | undefined;
  readonly request: IncomingMessage;
  readonly path: string;
  readonly search: string;
  readonly body: Buffer;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): object {
  const { api, matched, authorized, request, search, body, now } = from;
  const { cookie, ...headers } = request.headers;
  const query = new URLSearchParams(search);
  const text = body.length === 0 || textual.test(headers["content-type"] ?? "");
  // HTTP APIs hand the path over decoded, the query as it came.
  const path = decodedPath(from.path);
  const names = [...new Set(query.keys())];
  return {
    version: "2.0",
    routeKey: matched.route.key,
    rawPath: path,
    rawQueryString: search,
    ...(cookie !== undefined && { cookies: cookie.split("; ") }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")])),
    }),
    ...(Object.keys(matched.parameters).length > 0 && { pathParameters: matched.parameters }),
    requestContext: {
      accountId: from.account,
      apiId: api.id,
      ...(authorized !== undefined && { authorizer: { jwt: authorized } }),
      domainName: api.domainName,
      domainPrefix: api.id,
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: from.requestId,
      routeKey: matched.route.key,
      stage: "$default",
      time: logTime(new Date(now)),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: !text,
  };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `12/Mar/2020:19:03:58 +0000`. */
function logTime(at: Date): string {
  const [, time = ""] = at.toISOString().split(/[T.]/);
  const day = String(at.getUTCDate()).padStart(2, "0");
  return `${day}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`;
}
