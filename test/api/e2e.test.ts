import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { generateKeyPair, SignJWT } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BODY_LIMIT_BYTES,
  openApi,
  ProblemDocument,
  routes,
  type Scope,
} from "../../packages/api/src/index.ts";
import { Execution, ExecutionPage, ReportPage, SystemAnalytics } from "../../packages/contracts/src/index.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { systemClock } from "../../packages/local/src/engine/index.ts";
import { prodOf } from "../../packages/local/src/main-job/run.ts";
import { renderProgram } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import { writeReport } from "./written-builds.ts";

/** The deployment program itself in the local cloud: API Gateway's routes, its authorizer, the real function and role. */
let cloud: Cloud;
let url: string;
let raw: string;
let places: ReturnType<typeof prodOf>;
/** How far the cloud's clock is ahead, milliseconds. */
let ahead = 0;
const tokens: Partial<Record<Scope, string>> = {};

beforeAll(async () => {
  const graph = await renderProgram({ root, stage: "local" });
  const clock = systemClock();
  cloud = await bootCloud(graph, { root, clock: { ...clock, now: () => clock.now() + ahead } });
  url = cloud.httpApis.apis.HttpApi ?? "";
  raw = String(graph.outputs.raw);
  tokens["penstock/run"] = await fetchToken("penstock/run");
  tokens["penstock/operate"] = await fetchToken("penstock/operate");
  tokens["penstock/analyse"] = await fetchToken("penstock/analyse");
  places = prodOf(graph);
});
afterAll(() => cloud.close());

/** A token with this scope alone. */
async function fetchToken(scope: Scope): Promise<string> {
  const { url: issuer = "", clients = [] } = cloud.httpApis.issuers.ApiCallers ?? {};
  const client = clients.find(({ scopes }) => scopes.includes(scope));
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client?.id}:${client?.secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  return v.parse(v.object({ access_token: v.string() }), await answer.json()).access_token;
}

interface Asking {
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function ask(method: string, path: string, asking: Asking = {}) {
  const token = "token" in asking ? asking.token : tokens["penstock/run"];
  const { body, headers } = asking;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = v.parse(v.looseObject({ id: v.optional(v.string()) }), JSON.parse(text));
  return { status: response.status, headers: response.headers, text, answer };
}

const start = "/api/pipelines/raw-to-curated/executions";
const missing = (key: string) => ({
  bucket: raw,
  key: `ecommerce/orders-raw/year=2026/month=1/day=1/${key}`,
});

/** The execution once it has ended. */
function ended(id: string) {
  return eventually(async () => {
    const execution = v.parse(Execution, (await ask("GET", `/api/executions/${id}`)).answer);
    return execution.status === "RUNNING" ? undefined : execution;
  });
}

describe("a run", () => {
  it("is started, fails, is shown with its states, and goes on where it failed", async () => {
    const { status, answer, headers } = await ask("POST", start, { body: missing("later.parquet") });
    expect(status).toBe(201);
    const id = answer.id ?? "";
    expect(headers.get("location")).toBe(`/api/executions/${encodeURIComponent(id)}`);

    const failed = await ended(id);
    expect(failed).toMatchObject({ status: "FAILED", error: "ObjectMissing", redrivable: true, redrives: 0 });
    expect(failed.states.map(({ name, status: how }) => [name, how])).toEqual([
      ["Accept", "SUCCEEDED"],
      ["Inspect", "FAILED"],
    ]);
    expect(failed.states[1]?.duration_ms).toBeGreaterThan(0);
    expect(JSON.stringify(failed), "no stack trace leaves").not.toMatch(/\.ts:\d|node_modules|trace/);

    const { s3 } = clientsOf(cloud.endpoint);
    const { bucket, key } = missing("later.parquet");
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: "no Parquet, but there" }));
    const token = tokens["penstock/operate"];
    expect((await ask("POST", `/api/executions/${id}/redrive`, { token })).status).toBe(202);

    const redriven = await ended(id);
    expect(redriven).toMatchObject({ status: "SUCCEEDED", redrives: 1, output: { status: "REFUSED" } });
    const names = redriven.states.map(({ name }) => name);
    expect(names.filter((name) => name === "Accept")).toHaveLength(1);
    expect(names).toContain("QuarantineFile");
    expect(redriven.states.every(({ status: how }) => how === "SUCCEEDED")).toBe(true);
  });

  it("is started once for one idempotency key, while it runs and after", async () => {
    const headers = { "idempotency-key": "e2e-once" };
    const body = missing("once.parquet");

    const first = await ask("POST", start, { body, headers });
    const meanwhile = await ask("POST", start, { body, headers });
    await ended("raw-to-curated:e2e-once");
    const after = await ask("POST", start, { body: { key: body.key, bucket: body.bucket }, headers });
    const other = await ask("POST", start, { body: missing("other.parquet"), headers });

    expect([first, meanwhile, after].map(({ status, answer }) => [status, answer.id])).toEqual(
      Array(3).fill([201, "raw-to-curated:e2e-once"]),
    );
    expect(v.parse(ProblemDocument, other.answer)).toMatchObject({
      status: 409,
      type: "urn:penstock:problem:key-reused",
    });
  });

  it("is found in the list, page by page", async () => {
    await ask("POST", start, { body: missing("a.parquet"), headers: { "idempotency-key": "listed-a" } });
    await ask("POST", start, { body: missing("b.parquet"), headers: { "idempotency-key": "listed-b" } });
    const names: string[] = [];
    let token: string | null = "";

    while (token !== null) {
      const query: string = `/api/executions?pipeline=raw-to-curated&limit=1${token && `&token=${token}`}`;
      const page: v.InferOutput<typeof ExecutionPage> = v.parse(
        ExecutionPage,
        (await ask("GET", query)).answer,
      );
      names.push(...page.executions.map(({ name }) => name));
      token = page.next_token;
    }

    expect(names.filter((name) => name.startsWith("listed-"))).toEqual(["listed-b", "listed-a"]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a problem of the caller's", () => {
  it.each([
    [400, "POST", start, { body: { bucket: "raw" } }],
    [400, "POST", start, { body: "{" }],
    [400, "GET", "/api/executions?status=DONE", {}],
    [404, "POST", "/api/pipelines/nobody/executions", { body: {} }],
    [404, "POST", "/api/pipelines/on-failure/executions", { body: {} }],
    [404, "GET", "/api/executions/reconcile:nobody", {}],
    [413, "POST", start, { body: " ".repeat(BODY_LIMIT_BYTES + 1) }],
  ])("is a problem document: %i for %s %s", async (wanted, method, path, asking) => {
    const { status, headers, answer, text } = await ask(method, path, asking);

    expect([status, headers.get("content-type")]).toEqual([wanted, "application/problem+json"]);
    expect(v.parse(ProblemDocument, answer).request_id).toMatch(/[\w-]{8,}/);
    expect(text).not.toMatch(/\bat .*:\d+|node_modules/);
  });

  it("is named by its fields: 400", async () => {
    const { answer } = await ask("POST", start, { body: { bucket: "raw", keys: "x" } });

    const { errors = [] } = v.parse(ProblemDocument, answer);
    expect(errors.map(({ field }) => field).sort()).toEqual(["key", "keys"]);
  });

  it("is an execution that did not fail: 409", async () => {
    const { answer } = await ask("POST", "/api/pipelines/reconcile/executions");
    const token = tokens["penstock/operate"];

    const refused = await ask("POST", `/api/executions/${answer.id}/redrive`, { token });

    expect(v.parse(ProblemDocument, refused.answer)).toMatchObject({
      status: 409,
      type: "urn:penstock:problem:not-redrivable",
    });
  });

  it.each([
    ["PUT", "/api/executions"],
    ["GET", "/"],
  ])("is a route that there is not, which API Gateway answers: 404 for %s %s", async (method, path) => {
    const { status, answer } = await ask(method, path);
    expect([status, answer]).toEqual([404, { message: "Not Found" }]);
  });

  it("is more than API Gateway takes: 413", async () => {
    const { status, answer } = await ask("POST", start, { body: "x".repeat(11 * 1024 * 1024) });
    expect([status, answer]).toEqual([413, { message: "Request Entity Too Large" }]);
  });
});

describe("nobody gets in", () => {
  const guarded = routes.filter(({ scopes }) => scopes.length > 0);

  it.each(guarded.map(({ method, path }) => [method, path] as const))(
    "without a token: 401 for %s %s",
    async (method, path) => {
      const { status, headers, answer } = await ask(method, path.replaceAll(/\{\w+\}/g, "x"), {
        token: undefined,
      });

      expect([status, answer]).toEqual([401, { message: "Unauthorized" }]);
      expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
    },
  );

  it("to an operator's route without the scope: 403", async () => {
    const path = "/api/executions/reconcile:x/redrive";

    expect((await ask("POST", path, { token: tokens["penstock/run"] })).status).toBe(403);
    expect((await ask("POST", path, { token: tokens["penstock/operate"] })).status).toBe(404);
  });

  it("with a token that has expired: 401", async () => {
    ahead = 61 * 60_000;
    const late = await ask("GET", "/api/executions").finally(() => {
      ahead = 0;
    });

    expect(late.status).toBe(401);
    expect((await ask("GET", "/api/executions")).status).toBe(200);
  });

  it("with a token of another issuer, or in ours by another key: 401", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const { url: ours = "", clients = [] } = cloud.httpApis.issuers.ApiCallers ?? {};
    for (const issuer of ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other", ours]) {
      const token = await new SignJWT({ client_id: clients[0]?.id, scope: "penstock/run penstock/operate" })
        .setProtectedHeader({ alg: "RS256", kid: "k" })
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime("5m")
        .sign(privateKey);

      expect((await ask("GET", "/api/executions", { token })).status, issuer).toBe(401);
    }
  });
});

describe("analytics", () => {
  const system = "global-market-pulse";
  const build = "20261121T053000Z-000001";
  const analyst = () => ({ token: tokens["penstock/analyse"] });

  it("are nothing yet before the first build, and a question to the copilot is too early: 503", async () => {
    const overview = await ask("GET", "/api/analytics/demand-insights-engine", analyst());
    const rows = await ask("GET", "/api/analytics/demand-insights-engine/churn", analyst());
    const asked = await ask("POST", "/api/copilot", {
      ...analyst(),
      body: { question: "Revenue by region?" },
    });

    expect(overview.status, overview.text).toBe(200);
    expect(v.parse(SystemAnalytics, overview.answer).build).toBeNull();
    for (const refused of [rows, asked]) {
      expect(v.parse(ProblemDocument, refused.answer).type, refused.text).toBe(
        "urn:penstock:problem:not-built",
      );
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    }
  });

  it("are read with the function's own role: overview, filtered rows, pages, 304", async () => {
    await publish();

    const overview = await ask("GET", `/api/analytics/${system}`, analyst());
    const path = `/api/analytics/${system}/regions`;
    const first = await ask("GET", `${path}?limit=1`, analyst());
    const page = v.parse(ReportPage, first.answer);
    const next = await ask("GET", `${path}?limit=1&token=${page.next_token}`, analyst());
    const filtered = await ask("GET", `${path}?region=${encodeURIComponent("Ä & b")}`, analyst());
    const again = await fetch(`${url}${path}?limit=1`, {
      headers: {
        authorization: `Bearer ${tokens["penstock/analyse"]}`,
        "if-none-match": first.headers.get("etag") ?? "",
      },
    });

    expect(v.parse(SystemAnalytics, overview.answer)).toMatchObject({ build, title: "Global Market Pulse" });
    expect(page.rows.map(({ region, orders }) => [region, orders])).toEqual([["RJ", 3]]);
    expect(v.parse(ReportPage, next.answer).rows.map(({ region }) => region)).toEqual(["SP"]);
    expect(v.parse(ReportPage, filtered.answer).rows.map(({ region }) => region)).toEqual(["Ä & b"]);
    expect(first.headers.get("cache-control")).toMatch(/^private, max-age=\d+$/);
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("are not for a token that only runs pipelines: 403", async () => {
    for (const token of [tokens["penstock/run"], tokens["penstock/operate"]]) {
      expect((await ask("GET", `/api/analytics/${system}`, { token })).status).toBe(403);
      expect((await ask("POST", "/api/copilot", { token, body: { question: "?" } })).status).toBe(403);
    }
  });

  /** A build as curated-to-prod leaves it: objects first, then the pointer. */
  async function publish(): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), "penstock-published-"));
    const { s3, dynamodb } = clientsOf(cloud.endpoint);
    const Bucket = places.buckets[system] ?? "";
    const region = (name: string, orders: number) => ({ region: `'${name}'`, orders: `${orders}` });
    await writeReport(folder, Bucket, {
      system,
      report: "regions",
      build,
      rows: [region("SP", 5), region("RJ", 3), region("Ä & b", 1)],
    });
    await writeReport(folder, Bucket, {
      system,
      report: "opportunities",
      build,
      rows: [],
      reason: "One month.",
    });
    for (const file of await readdir(path.join(folder, Bucket), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const place = path.join(file.parentPath, file.name);
      const Key = path.relative(path.join(folder, Bucket), place);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(place) }));
    }
    await rm(folder, { recursive: true });
    await dynamodb.send(
      new PutItemCommand({
        TableName: places.buildsTable,
        Item: {
          system: { S: system },
          build: { S: build },
          built_at: { S: "2026-11-21T05:30:00.000Z" },
          generation: { N: "1" },
          catalogued: { S: build },
        },
      }),
    );
  }
});

it("the description is served to everybody, as the routes are", async () => {
  const { status, answer } = await ask("GET", "/openapi.json", { token: undefined });

  expect([status, answer]).toEqual([200, JSON.parse(JSON.stringify(openApi(routes)))]);
});
