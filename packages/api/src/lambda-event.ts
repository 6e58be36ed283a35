import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import * as v from "valibot";
import type { Surroundings } from "./app.ts";
import { callerOf } from "./caller.ts";

/** What is read of an event of an HTTP API, payload format 2.0. */
const Event = v.object({
  version: v.literal("2.0"),
  rawPath: v.string(),
  rawQueryString: v.string(),
  headers: v.record(v.string(), v.optional(v.string())),
  body: v.optional(v.string()),
  isBase64Encoded: v.boolean(),
  requestContext: v.object({
    requestId: v.string(),
    domainName: v.string(),
    timeEpoch: v.number(),
    http: v.object({ method: v.string() }),
    authorizer: v.optional(v.object({ jwt: v.object({ claims: v.record(v.string(), v.unknown()) }) })),
  }),
});

/** The event as a web request, and what API Gateway knows of the caller. */
export function toRequest(event: APIGatewayProxyEventV2): { request: Request; surroundings: Surroundings } {
  const { rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext } = v.parse(Event, event);
  const { requestId, domainName, timeEpoch, http, authorizer } = requestContext;
  // HTTP APIs hand the path over decoded: what would end it is encoded again.
  const url = new URL(`https://${domainName}`);
  url.pathname = rawPath.replaceAll("%", "%25");
  url.search = rawQueryString;
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const request = new Request(url, {
    method: http.method,
    headers: Object.fromEntries(sent),
    ...(body !== undefined &&
      http.method !== "GET" &&
      http.method !== "HEAD" && { body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8") }),
  });
  const scope = authorizer?.jwt.claims.scope;
  const scopes = authorizer && (typeof scope === "string" ? scope.split(" ") : []);
  const caller = callerOf(authorizer?.jwt.claims);
  return { request, surroundings: { scopes, requestId, caller, arrivedAt: timeEpoch } };
}

/** The answer as API Gateway takes it. All of the API's answers are text. */
export async function toResult(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  };
}
