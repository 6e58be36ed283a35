import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { toRequest, toResult } from "../../packages/api/src/lambda-event.ts";

const event = (more: object = {}, context: object = {}): APIGatewayProxyEventV2 => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: "/",
  rawQueryString: "",
  headers: { host: "api.example.com" },
  isBase64Encoded: false,
  requestContext: {
    accountId: "0",
    apiId: "api",
    domainName: "api.example.com",
    domainPrefix: "api",
    http: { method: "POST", path: "/", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
    requestId: "request-1",
    routeKey: "$default",
    stage: "$default",
    time: "",
    timeEpoch: 0,
    ...context,
  },
  ...more,
});
const jwt = (claims: object) => ({ authorizer: { jwt: { claims, scopes: null } } });

describe("an event of API Gateway", () => {
  it.each([
    ["/api/a b/ä", "/api/a%20b/%C3%A4"],
    ["/api/50%/x", "/api/50%25/x"],
    ["/api/a?b#c", "/api/a%3Fb%23c"],
    ["/api/pipeline:name", "/api/pipeline:name"],
  ])("has its path decoded: %s is asked for as %s", (rawPath, pathname) => {
    expect(new URL(toRequest(event({ rawPath })).request.url).pathname).toBe(pathname);
  });

  it("keeps its query as it came", () => {
    const { request } = toRequest(event({ rawQueryString: "x=%20&x=a%2Bb" }));

    expect(new URL(request.url).searchParams.getAll("x")).toEqual([" ", "a+b"]);
  });

  it.each([
    ["text", { body: '{"ä":1}' }],
    ["base64", { body: Buffer.from('{"ä":1}').toString("base64"), isBase64Encoded: true }],
  ])("has its body as %s", async (_, body) => {
    expect(await toRequest(event(body)).request.text()).toBe('{"ä":1}');
  });

  it.each([
    ["no authorizer", {}, undefined],
    ["a token without scopes", jwt({ sub: "x" }), []],
    ["a token with scopes", jwt({ scope: "penstock/run openid" }), ["penstock/run", "openid"]],
  ])("tells of the caller's scopes: %s", (_, context, scopes) => {
    expect(toRequest(event({}, context)).surroundings).toMatchObject({ scopes, requestId: "request-1" });
  });

  it("tells when the request came to API Gateway", () => {
    expect(toRequest(event({}, { timeEpoch: 1_764_000_000_000 })).surroundings.arrivedAt).toBe(
      1_764_000_000_000,
    );
  });

  it.each([
    ["a person's token", { sub: "b0c1-d2", username: "ana" }, { subject: "b0c1-d2", person: true }],
    ["a program's token", { sub: "shop", client_id: "shop" }, { subject: "shop", person: false }],
    ["a token of nobody", { client_id: "shop" }, undefined],
    ["a subject that would lead out of its folder", { sub: "../ana", username: "ana" }, undefined],
    ["a subject with a slash in it", { sub: "a/b" }, undefined],
    ["a subject that would pass for the programs' folder", { sub: "anonymous", username: "x" }, undefined],
    ["a subject that is too long", { sub: "x".repeat(65) }, undefined],
    ["a subject that is no text", { sub: 7 }, undefined],
  ])("tells who asks, by the token alone: %s", (_, claims, caller) => {
    const { surroundings } = toRequest(event({ headers: { "x-user-id": "ben" } }, jwt(claims)));

    expect(surroundings.caller).toEqual(caller);
  });

  it("that is none is refused before anything is served", () => {
    const none = JSON.parse('{"no":"event"}');
    expect(() => toRequest(none)).toThrow(expect.objectContaining({ name: "ValiError" }));
  });
});

it("an answer goes back with its status, headers and text", async () => {
  const response = new Response("ä", { status: 409, headers: { "content-type": "text/plain" } });

  expect(await toResult(response)).toEqual({
    statusCode: 409,
    headers: { "content-type": "text/plain" },
    body: "ä",
    isBase64Encoded: false,
  });
});
