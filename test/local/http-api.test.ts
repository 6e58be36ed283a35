import { generateKeyPair, SignJWT } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { systemClock } from "../../packages/local/src/engine/index.ts";
import * as graph from "./small-graph.ts";

const POOL = "us-east-1_pool";
const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;
const part = (type: string, name: string, inputs: Record<string, unknown>) =>
  graph.resource(`aws:apigatewayv2/${type}`, name, { apiId: "api", ...inputs });
const integration = (name: string) =>
  part("integration:Integration", `to-${name}`, {
    integrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${graph.functionArn(name)}/invocations`,
  });
const route = (routeKey: string, target: string, inputs: Record<string, unknown> = {}) =>
  part("route:Route", routeKey, { routeKey, target: `integrations/to-${target}`, ...inputs });
const permission = (name: string) =>
  graph.resource("aws:lambda/permission:Permission", `${name}-permission`, {
    function: name,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
  });
const client = (name: string, allowedOauthScopes: string[]) =>
  graph.resource(
    "aws:cognito/userPoolClient:UserPoolClient",
    name,
    {
      userPoolId: POOL,
      generateSecret: true,
      allowedOauthScopes,
      accessTokenValidity: 10,
      tokenValidityUnits: { accessToken: "minutes" },
    },
    { clientSecret: `${name}-secret` },
  );

const jwt = { authorizationType: "JWT", authorizerId: "tokens" };
const resources = [
  graph.resource(
    "aws:apigatewayv2/api:Api",
    "api",
    { name: "api" },
    { apiEndpoint: "https://api.example.com" },
  ),
  part("stage:Stage", "stage", { name: "$default" }),
  part("authorizer:Authorizer", "tokens", {
    jwtConfiguration: { issuer: ISSUER, audiences: ["reader", "writer"] },
  }),
  integration("echo"),
  integration("answer"),
  integration("fails"),
  integration("forbidden"),
  route("GET /open/{id}/parts/{part}", "echo"),
  route("GET /open/{id}/parts/first", "answer"),
  route("ANY /greedy/{proxy+}", "echo"),
  route("POST /open", "echo"),
  route("POST /answer", "answer"),
  route("POST /fails", "fails"),
  route("POST /unpermitted", "forbidden"),
  route("GET /any-token", "echo", jwt),
  route("GET /written", "echo", { ...jwt, authorizationScopes: ["things/write", "things/admin"] }),
  permission("echo"),
  permission("answer"),
  permission("fails"),
  graph.resource(
    "aws:cognito/userPool:UserPool",
    POOL,
    { name: "pool" },
    { endpoint: ISSUER.slice("https://".length) },
  ),
  client("reader", ["things/read"]),
  client("writer", ["things/read", "things/write"]),
  client("stranger", ["things/write"]),
];

let cloud: Cloud;
let url: string;
let issuer: string;
/** How far the cloud's clock is ahead, milliseconds. */
let ahead = 0;

beforeAll(async () => {
  const clock = systemClock();
  const shifted = { ...clock, now: () => clock.now() + ahead };
  cloud = await bootCloud(
    graph.graphOf(resources, [
      graph.lambda("echo", "echo"),
      graph.lambda("answer", "httpAnswer"),
      graph.lambda("fails", "fail"),
      graph.lambda("forbidden", "echo"),
    ]),
    { root: graph.root, clock: shifted },
  );
  url = cloud.httpApis.apis.api ?? "";
  issuer = cloud.httpApis.issuers[POOL]?.url ?? "";
});
afterAll(() => cloud.close());

async function ask(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, { method, ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

const Json = v.record(v.string(), v.unknown());
const KeySet = v.object({ keys: v.array(v.looseObject({ kid: v.string() })) });

async function fetchJson(from: string) {
  const response = await fetch(from);
  return v.parse(Json, await response.json());
}

async function fetchToken(id: string, form: Record<string, string> = {}, secret = `${id}-secret`) {
  const response = await fetch(`${issuer}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
  });
  return { status: response.status, body: v.parse(Json, await response.json()) };
}

const token = async (id: string) => String((await fetchToken(id)).body.access_token);
const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } });

describe("an HTTP API", () => {
  test("tells a function of a request in payload format 2.0", async () => {
    const { json } = await ask("GET", "/open/a%20b/parts/2?x=1&x=2&y=%C3%A4", {
      headers: { "X-Thing": "yes", cookie: "a=1; b=2" },
    });

    expect(json()).toMatchObject({
      version: "2.0",
      routeKey: "GET /open/{id}/parts/{part}",
      rawPath: "/open/a b/parts/2",
      rawQueryString: "x=1&x=2&y=%C3%A4",
      cookies: ["a=1", "b=2"],
      headers: { "x-thing": "yes" },
      queryStringParameters: { x: "1,2", y: "ä" },
      pathParameters: { id: "a b", part: "2" },
      requestContext: {
        accountId: "000000000000",
        apiId: "api",
        domainName: "api.example.com",
        http: { method: "GET", path: "/open/a b/parts/2", protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
        routeKey: "GET /open/{id}/parts/{part}",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(json()).not.toHaveProperty("body");
    expect(json().requestContext).not.toHaveProperty("authorizer");
  });

  test("hands text over as text, and all else in base64", async () => {
    const send = async (type: string, body: string) => {
      const { json } = await ask("POST", "/open", { headers: { "content-type": type }, body });
      return [json().isBase64Encoded, json().body];
    };

    expect(await send("application/json", '{"ä":1}')).toEqual([false, '{"ä":1}']);
    expect(await send("application/problem+json", "{}")).toEqual([false, "{}"]);
    expect(await send("application/octet-stream", "ä")).toEqual([true, Buffer.from("ä").toString("base64")]);
  });

  test("prefers a full match, then a fixed segment, then a greedy one", async () => {
    expect((await ask("GET", "/open/1/parts/first")).headers.get("x-answered")).toBe("yes");
    expect((await ask("PATCH", "/greedy/a/b/c")).json()).toMatchObject({
      routeKey: "ANY /greedy/{proxy+}",
      pathParameters: { proxy: "a/b/c" },
    });
  });

  test.each([
    ["GET", "/"],
    ["GET", "/open"],
    ["POST", "/open/1/parts/2"],
    ["GET", "/open/1/parts/2/more"],
    ["OPTIONS", "/open"],
  ])("has no %s %s: 404", async (method, path) => {
    const { status, json } = await ask(method, path);

    expect([status, json()]).toEqual([404, { message: "Not Found" }]);
  });

  test("sends what a function answers: status, headers, cookies, bytes", async () => {
    const { status, headers, text } = await ask("POST", "/answer");

    expect([status, text]).toEqual([203, "bytes ä"]);
    expect(headers.get("x-answered")).toBe("yes");
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2; Secure"]);
    expect(headers.get("apigw-requestid")).toMatch(/^[\w-]{8,}$/);
  });

  test("says nothing of a function's failure: 500", async () => {
    const { status, text } = await ask("POST", "/fails");

    expect([status, JSON.parse(text)]).toEqual([500, { message: "Internal Server Error" }]);
  });

  test("may not invoke a function without its leave: 500, as on AWS", async () => {
    expect((await ask("POST", "/unpermitted")).status).toBe(500);
  });

  test("takes no more than 10 MiB, and Lambda less: 413", async () => {
    for (const size of [7, 11]) {
      const { status, json } = await ask("POST", "/open", { body: "x".repeat(size * 1024 * 1024) });
      expect([status, json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    }
    expect((await ask("POST", "/open", { body: "x" })).status).toBe(200);
  });
});

describe("its authorizer", () => {
  test("tells the function what the token says", async () => {
    const { json } = await ask("GET", "/written", bearer(await token("writer")));

    expect(json().requestContext.authorizer.jwt).toMatchObject({
      claims: {
        client_id: "writer",
        iss: issuer,
        scope: "things/read things/write",
        token_use: "access",
        exp: expect.stringMatching(/^\d+$/),
      },
      scopes: ["things/write", "things/admin"],
    });
  });

  test("takes a token with and without its scheme", async () => {
    const authorization = await token("reader");

    expect((await ask("GET", "/any-token", { headers: { authorization } })).status).toBe(200);
  });

  test("wants a token: 401", async () => {
    const { status, headers, json } = await ask("GET", "/any-token");

    expect([status, json()]).toEqual([401, { message: "Unauthorized" }]);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  test("wants a scope of the route: 403", async () => {
    const { status, headers, json } = await ask("GET", "/written", bearer(await token("reader")));

    expect([status, json()]).toEqual([403, { message: "Forbidden" }]);
    expect(headers.get("www-authenticate")).toContain('error="insufficient_scope"');
  });

  test("takes no token that has expired", async () => {
    const value = await token("reader");
    expect((await ask("GET", "/any-token", bearer(value))).status).toBe(200);
    ahead = 11 * 60_000;

    const { status, headers } = await ask("GET", "/any-token", bearer(value));
    ahead = 0;

    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain("the token has expired");
  });

  test("takes no token from before its time", async () => {
    ahead = 60_000;
    const value = await token("reader");
    ahead = 0;

    const { status, headers } = await ask("GET", "/any-token", bearer(value));

    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain("future");
  });

  test("takes no token of a client that is not in its audience", async () => {
    const { status, headers } = await ask("GET", "/written", bearer(await token("stranger")));

    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain("valid audience");
  });

  describe("takes no token of another's making", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const sign = (iss: string, header = {}) =>
      new SignJWT({ client_id: "reader", scope: "things/read" })
        .setProtectedHeader({ alg: "RS256", kid: "mine", ...header })
        .setIssuer(iss)
        .setIssuedAt()
        .setExpirationTime("5m")
        .sign(privateKey);

    test("by another issuer", async () => {
      const { status } = await ask("GET", "/any-token", bearer(await sign("https://elsewhere.example.com")));
      expect(status).toBe(401);
    });

    test("in the issuer's name with another key", async () => {
      const { keys } = v.parse(KeySet, await fetchJson(`${issuer}/.well-known/jwks.json`));
      const forged = [await sign(issuer), await sign(issuer, { kid: keys[0]?.kid })];
      for (const value of forged) expect((await ask("GET", "/any-token", bearer(value))).status).toBe(401);
    });

    test("with its text changed, without a signature, or none at all", async () => {
      const [header, , signature] = (await token("reader")).split(".");
      const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const claims = { iss: issuer, client_id: "reader", exp: 9_999_999_999, scope: "things/write" };
      for (const value of [
        `${header}.${encoded(claims)}.${signature}`,
        `${encoded({ alg: "none" })}.${encoded(claims)}.`,
        "nonsense",
        "",
      ]) {
        expect((await ask("GET", "/any-token", bearer(value))).status, value).toBe(401);
      }
    });
  });
});

describe("the local issuer", () => {
  test("publishes its keys where OpenID Connect looks for them", async () => {
    const configuration = await fetchJson(`${issuer}/.well-known/openid-configuration`);
    const { keys } = v.parse(KeySet, await fetchJson(String(configuration.jwks_uri)));

    expect(configuration.issuer).toBe(issuer);
    expect(keys).toEqual([expect.objectContaining({ kty: "RSA", use: "sig", kid: expect.any(String) })]);
    expect(keys[0]).not.toHaveProperty("d");
  });

  test("gives a client what it may have, and no more", async () => {
    expect((await fetchToken("writer", { scope: "things/read" })).body).toMatchObject({
      token_type: "Bearer",
      expires_in: 600,
    });
    expect(await fetchToken("reader", { scope: "things/write" })).toEqual({
      status: 400,
      body: { error: "invalid_scope" },
    });
    expect(await fetchToken("reader", {}, "guessed")).toEqual({
      status: 401,
      body: { error: "invalid_client" },
    });
    expect(await fetchToken("nobody")).toEqual({ status: 401, body: { error: "invalid_client" } });
    expect(await fetchToken("reader", { grant_type: "password" })).toEqual({
      status: 400,
      body: { error: "unsupported_grant_type" },
    });
  });
});

test("the cloud's description says where the API and its tokens are", async () => {
  const description = await fetchJson(`${cloud.endpoint}/_penstock`);

  expect(description).toMatchObject({ apis: { api: url }, issuers: { [POOL]: { url: issuer } } });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});
