import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { Analytics } from "../../packages/api/src/analytics/analytics.ts";
import type { AnalyticsPort } from "../../packages/api/src/analytics/port.ts";
import {
  BODY_LIMIT_BYTES,
  createApp,
  openApi,
  ProblemDocument,
  routes,
} from "../../packages/api/src/index.ts";
import type { CopilotAnswer } from "../../packages/contracts/src/index.ts";
import { CopilotNotReady, type CopilotOutcome, QueryTooSlow } from "../../packages/copilot/src/index.ts";
import {
  ModelOutputInvalid,
  ModelThrottled,
  QueryFailed,
  Throttled,
  TooLarge,
  UpstreamUnavailable,
} from "../../packages/runtime/src/errors.ts";
import { Executions } from "../../packages/runtime/src/executions/index.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { FakePort, machines } from "./fake-port.ts";
import { writeReport } from "./written-builds.ts";

const everything = ["penstock/run", "penstock/operate", "penstock/analyse"];
const object = { bucket: "raw-bucket", key: "ecommerce/orders-raw/a b/ä.parquet" };

let port: FakePort;
let faults: unknown[];
/** Where the reports are, when a test has some. */
let builds: Partial<AnalyticsPort>;
/** What the copilot makes of any question. */
let asked: () => CopilotOutcome;
let app: ReturnType<typeof createApp>;
beforeEach(() => {
  port = new FakePort();
  faults = [];
  builds = {};
  asked = () => ({ outcome: "answered", answer });
  app = createApp({
    executions: new Executions(port, machines),
    analytics: async () => new Analytics({ ...nothingBuilt, ...builds }),
    askCopilot: async () => asked(),
    onFault: (error) => faults.push(error),
  });
});

const nothingBuilt: AnalyticsPort = {
  currentBuild: async () => undefined,
  store: directoryObjectStore("nowhere"),
  buckets: {},
  maxAgeSeconds: 60,
};

const answer: CopilotAnswer = {
  question: "Revenue by region?",
  sql: "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY region",
  model: "fixture",
  offline: true,
  columns: [
    { name: "region", type: "varchar" },
    { name: "revenue", type: "decimal(38,2)" },
  ],
  rows: [
    ["SP", 12.5],
    [null, "12345678901234567890.12"],
  ],
  truncated: false,
  scanned_bytes: 1024,
  build: "20261121T053000Z-000001",
  query_id: "q-1",
  warnings: [],
};

/** What the tests read of an answer's body. */
const Answer = v.looseObject({
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  executions: v.optional(v.array(v.looseObject({ name: v.string() }))),
  next_token: v.optional(v.nullable(v.string())),
});

interface Asking {
  readonly scopes?: readonly string[] | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** One request to the app alone, as if the authorizer had let it through. */
async function ask(method: string, path: string, asking: Asking = {}) {
  const { headers = {}, body } = asking;
  const scopes = "scopes" in asking ? asking.scopes : everything;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await app.request(
    path,
    { method, headers, ...(body !== undefined && { body: text }) },
    { scopes, requestId: "request-1" },
  );
  const answer = v.parse(Answer, await response.json());
  return { status: response.status, headers: response.headers, answer };
}

/** The problem that a request ends with. */
async function problem(...asking: Parameters<typeof ask>) {
  const { status, headers, answer } = await ask(...asking);
  expect(headers.get("content-type")).toBe("application/problem+json");
  const document = v.parse(ProblemDocument, answer);
  expect(document.status).toBe(status);
  return { ...document, headers };
}

const start = "/api/pipelines/raw-to-curated/executions";

describe("starting a pipeline", () => {
  it("answers with the execution and where it is", async () => {
    const { status, headers, answer } = await ask("POST", start, { body: { ...object, table: "orders" } });

    expect(status).toBe(201);
    expect(answer).toMatchObject({ pipeline: "raw-to-curated", status: "RUNNING", redrives: 0 });
    const where = headers.get("location") ?? "";
    expect(where).toBe(`/api/executions/${encodeURIComponent(answer.id ?? "")}`);
    expect((await ask("GET", where)).answer).toMatchObject({
      id: answer.id,
      input: { ...object, table: "orders" },
    });
  });

  it("takes the idempotency key for the execution's name", async () => {
    const headers = { "idempotency-key": "my-key" };
    const first = await ask("POST", start, { body: object, headers });
    const again = await ask("POST", start, { body: { key: object.key, bucket: object.bucket }, headers });

    expect(first.answer.name).toBe("my-key");
    expect([again.status, again.answer]).toEqual([201, first.answer]);
  });

  it("refuses a key that stands for another input: 409", async () => {
    const headers = { "idempotency-key": "my-key" };
    await ask("POST", start, { body: object, headers });

    const refused = await problem("POST", start, { body: { ...object, key: "other" }, headers });

    expect(refused).toMatchObject({ status: 409, type: "urn:penstock:problem:key-reused" });
    expect(refused.detail).toContain("another key");
  });

  it("needs no body where a workflow takes no input", async () => {
    expect((await ask("POST", "/api/pipelines/reconcile/executions")).status).toBe(201);
  });

  it.each([
    ["a field that is missing", { bucket: "raw-bucket" }, "key", /missing.*object's key/],
    ["a field of another type", { ...object, key: 5 }, "key", /Name the object/],
    ["a bucket that is no bucket", { ...object, bucket: "s3://x" }, "bucket", /bucket's name/],
    ["a table that nobody knows", { ...object, table: "order" }, "table", /customers, inventory/],
    ["a field that nobody knows", { ...object, tabel: "orders" }, "tabel", /no such field/],
    ["a key that is too long", { ...object, key: "ä".repeat(513) }, "key", /1024 bytes/],
    ["a list", [object], "bucket", /missing/],
    ["a text", '"text"', "body", /Object|object/],
    ["what is no JSON", "{bucket:", "body", /JSON/],
    ["what is no UTF-8 JSON", "\u0000", "body", /JSON/],
  ])("refuses %s and names the field: 400", async (_, body, field, detail) => {
    const refused = await problem("POST", start, { body });

    expect(refused.status).toBe(400);
    expect(refused.errors?.map((each) => each.field)).toContain(field);
    expect(refused.errors?.find((each) => each.field === field)?.detail).toMatch(detail);
    expect(port.executions.size).toBe(0);
  });

  it.each(["", "a b", "x".repeat(81), "a/b", "ä"])("refuses the idempotency key %j: 400", async (key) => {
    const headers = { "idempotency-key": encodeURIComponent(key) === key ? key : key.replace("ä", "\u00e4") };
    const refused = await problem("POST", start, { body: object, headers });

    expect(refused.status).toBe(400);
    expect(refused.errors?.[0]).toMatchObject({ field: "idempotency-key", detail: /1 to 80 letters/ });
  });

  it.each(["nobody", "on-failure", "constructor", "%2E.%2F"])(
    "does not know %s: 404, and what there is",
    async (name) => {
      const refused = await problem("POST", `/api/pipelines/${name}/executions`, { body: {} });

      expect(refused.status).toBe(404);
      expect(refused.detail).toContain("raw-to-curated, reconcile");
    },
  );

  it("refuses a body that is too large, with the limit: 413", async () => {
    const body = JSON.stringify({ ...object, key: "k".repeat(BODY_LIMIT_BYTES) });
    const refused = await problem("POST", start, { body });

    expect(refused.status).toBe(413);
    expect(refused.detail).toContain(String(BODY_LIMIT_BYTES));
  });

  it("takes a body that is just small enough", async () => {
    const text = JSON.stringify(object);
    const body = text + " ".repeat(BODY_LIMIT_BYTES - Buffer.byteLength(text));

    expect((await ask("POST", start, { body })).status).toBe(201);
  });
});

describe("listing executions", () => {
  it("goes page by page through those that were asked for", async () => {
    for (const name of ["a", "b", "c"]) port.add(machines.reconcile, name, { status: "FAILED" });
    port.add(machines["raw-to-curated"], "other");

    const query = "/api/executions?pipeline=reconcile&status=FAILED&limit=2";
    const first = await ask("GET", query);
    const second = await ask("GET", `${query}&token=${first.answer.next_token}`);

    expect(first.answer.executions?.map(({ name }) => name)).toEqual(["c", "b"]);
    expect(second.answer.executions?.map(({ name }) => name)).toEqual(["a"]);
    expect(second.answer.next_token).toBeNull();
  });

  it.each([
    ["pipeline=nobody", "pipeline", /on-failure, raw-to-curated, reconcile/],
    ["status=DONE", "status", /SUCCEEDED/],
    ["limit=0", "limit", /1 to 100/],
    ["limit=1e2", "limit", /1 to 100/],
    ["token=made-up", "token", /without one/],
    ["state=RUNNING", "state", /no such field/],
  ])("refuses %s and names the parameter: 400", async (query, field, detail) => {
    const refused = await problem("GET", `/api/executions?${query}`);

    expect(refused.status).toBe(400);
    expect(refused.errors).toEqual([{ field, detail: expect.stringMatching(detail) }]);
  });
});

describe("one execution", () => {
  it("is shown with its states", async () => {
    const { arn } = port.add(machines.reconcile, "one", {
      status: "SUCCEEDED",
      stoppedAt: new Date(port.now + 9),
    });
    const at = new Date(port.now);
    port.histories.set(arn, [
      { id: 1, previousEventId: 0, at, type: "ExecutionStarted" },
      { id: 2, previousEventId: 0, at, type: "SucceedStateEntered", state: "Done" },
      { id: 3, previousEventId: 2, at, type: "SucceedStateExited", state: "Done" },
    ]);

    const { answer } = await ask("GET", "/api/executions/reconcile:one");

    expect(answer).toMatchObject({
      id: "reconcile:one",
      status: "SUCCEEDED",
      states: [{ name: "Done", status: "SUCCEEDED", duration_ms: 0, retries: 0 }],
    });
  });

  it("is taken up again: 202", async () => {
    port.add(machines.reconcile, "bad", { status: "FAILED", redrivable: true });

    const { status, answer } = await ask("POST", "/api/executions/reconcile:bad/redrive");

    expect([status, answer.id]).toEqual([202, "reconcile:bad"]);
  });

  it("that did not fail is not: 409, with the reason", async () => {
    port.add(machines.reconcile, "good", { status: "SUCCEEDED" });

    const refused = await problem("POST", "/api/executions/reconcile:good/redrive");

    expect(refused).toMatchObject({ status: 409, detail: expect.stringContaining("SUCCEEDED") });
  });

  it.each([
    ["GET", "/api/executions/reconcile:none"],
    ["GET", "/api/executions/%E0%A4%A"],
    ["POST", "/api/executions/reconcile:none/redrive"],
    ["GET", "/api"],
    ["DELETE", "/api/executions/reconcile:none"],
  ])("or anything else that is not there: %s %s is 404", async (method, path) => {
    expect((await problem(method, path)).status).toBe(404);
  });
});

describe("a question to the copilot", () => {
  const question = { question: "Revenue by region?" };

  it("is answered with the query, the model and the rows, and not kept by anybody", async () => {
    const { status, headers, answer: said } = await ask("POST", "/api/copilot", { body: question });

    expect([status, said]).toEqual([200, answer]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("that is refused is a problem with the reason and its code: 422", async () => {
    asked = () => ({
      outcome: "refused",
      refusal: {
        question: "Drop it",
        code: "not_a_select",
        reason: "The query would change something.",
        sql: "DROP TABLE sales",
        model: "fixture",
        offline: true,
      },
    });

    const refused = await problem("POST", "/api/copilot", { body: question });

    expect(refused).toMatchObject({
      status: 422,
      type: "urn:penstock:problem:not-answered",
      reason: "not_a_select",
      detail: "The query would change something.",
      sql: "DROP TABLE sales",
      model: "fixture",
      offline: true,
    });
  });

  it("that no model was asked says nothing of a model", async () => {
    const refusal = { question: "", code: "empty_question", reason: "Ask.", sql: null, model: null } as const;
    asked = () => ({ outcome: "refused", refusal: { ...refusal, offline: null } });

    const { headers: _, ...refused } = await problem("POST", "/api/copilot", { body: question });

    expect(Object.keys(refused)).toEqual(["type", "title", "status", "detail", "reason", "request_id"]);
  });

  it.each([
    ["before the first build", new CopilotNotReady(), 503, "60", /curated-to-prod/],
    ["to a model that is too busy", new ModelThrottled("busy"), 503, "5", /Try again/],
    ["to a query that takes too long", new QueryTooSlow(20), 422, null, /Ask for less/],
    ["to a query that reads too much", new TooLarge("Name months"), 422, null, /Name months/],
    ["to a model that breaks off", new ModelOutputInvalid("the model"), 422, null, /no whole reply/],
    ["to a query that fails", new QueryFailed("Division by zero"), 422, null, /Division by zero/],
  ])("%s has a problem of its own", async (_, error, status, retryAfter, detail) => {
    asked = () => {
      throw error;
    };

    const failed = await problem("POST", "/api/copilot", { body: question });

    expect([failed.status, failed.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(failed.detail).toMatch(detail);
    expect(faults).toEqual(status >= 500 ? [error] : []);
  });

  it.each([
    ["nothing", {}, "question", /missing/],
    ["another field", { question: "?", sql: "SELECT 1" }, "sql", /no such field/],
    ["a number", { question: 5 }, "question", /string/],
  ])("must be one: %s is refused with the field", async (_, body, field, detail) => {
    const refused = await problem("POST", "/api/copilot", { body });

    expect(refused.status).toBe(400);
    expect(refused.errors).toContainEqual({ field, detail: expect.stringMatching(detail) });
  });
});

describe("who may", () => {
  const guarded = routes.filter(({ scopes }) => scopes.length > 0);

  it.each(guarded.map(({ method, path, scopes }) => [method, path, scopes] as const))(
    "%s %s: nobody without a token (401), nobody with a token for something else (403)",
    async (method, path, scopes) => {
      const none = await problem(method, path, { scopes: undefined });
      const other = await problem(method, path, { scopes: ["openid", "penstock/other"] });

      expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      expect(other.status).toBe(403);
      expect(other.detail).toContain(scopes.join(" or "));
    },
  );

  it("run pipelines but not read what the data say, and the other way round", async () => {
    const analyse = { scopes: ["penstock/analyse"] };
    const run = { scopes: ["penstock/run", "penstock/operate"] };

    expect((await problem("GET", "/api/analytics/retail-copilot", run)).status).toBe(403);
    expect((await problem("POST", "/api/copilot", { ...run, body: { question: "?" } })).status).toBe(403);
    expect((await problem("GET", "/api/executions", analyse)).status).toBe(403);
  });

  it("run but not redrive: a token without the operators' scope", async () => {
    port.add(machines.reconcile, "bad", { status: "FAILED", redrivable: true });
    const scopes = ["penstock/run"];

    expect((await ask("GET", "/api/executions/reconcile:bad", { scopes })).status).toBe(200);
    expect((await problem("POST", "/api/executions/reconcile:bad/redrive", { scopes })).status).toBe(403);
  });
});

describe("a fault", () => {
  const secret = new Error("SELECT card FROM payments");

  it("of ours is told to the log and to nobody else: 500", async () => {
    port.fault = secret;

    const answer = await problem("GET", "/api/executions");

    expect(answer).toMatchObject({ status: 500, request_id: "request-1" });
    expect(JSON.stringify(answer)).not.toMatch(/SELECT|\.ts|\bat /);
    expect(faults).toEqual([secret]);
  });

  it.each([new Throttled("busy"), new UpstreamUnavailable("gone")])(
    "of a service, $name, says when to come again: 503",
    async (fault) => {
      port.fault = fault;

      const answer = await problem("GET", "/api/executions");

      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    },
  );
});

describe("the description", () => {
  const document = v.parse(
    v.looseObject({
      openapi: v.literal("3.1.0"),
      paths: v.record(
        v.string(),
        v.record(
          v.string(),
          v.looseObject({
            operationId: v.string(),
            responses: v.record(v.string(), v.looseObject({ description: v.string() })),
            security: v.array(v.strictObject({ token: v.array(v.string()) })),
            parameters: v.array(v.looseObject({ name: v.string(), in: v.string(), required: v.boolean() })),
          }),
        ),
      ),
      components: v.looseObject({ schemas: v.record(v.string(), v.looseObject({})) }),
    }),
    openApi(routes),
  );
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

  it("is served to everybody", async () => {
    const { status, answer } = await ask("GET", "/openapi.json", { scopes: undefined });

    expect(status).toBe(200);
    expect(answer).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it("has every route that the app has, and no other", () => {
    const served = app.routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);

    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
  });

  it("names every parameter of a path, and every scope", () => {
    for (const { path, operation } of described) {
      const inPath = operation.parameters.filter((each) => each.in === "path" && each.required);
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
    expect(described.map(({ operation }) => operation.security.map(({ token }) => token[0]))).toEqual(
      routes.map(({ scopes }) => [...scopes]),
    );
  });

  it("refers to nothing that it does not have", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const names = new Set(references.map(([, name]) => name ?? ""));

    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it("has the input contract of every pipeline", () => {
    expect(document.components.schemas.RawToCuratedInput).toMatchObject({
      type: "object",
      required: ["bucket", "key"],
      additionalProperties: false,
      properties: { table: { enum: expect.arrayContaining(["orders"]) } },
    });
    expect(document.components.schemas.ReconcileInput).toMatchObject({ additionalProperties: false });
  });

  it("promises what the app answers: contracts hold for real answers", async () => {
    port.add(machines.reconcile, "one", { status: "FAILED", redrivable: true });
    const answers: Record<string, Awaited<ReturnType<typeof ask>>> = {
      startExecution: await ask("POST", start, { body: object }),
      listExecutions: await ask("GET", "/api/executions"),
      showExecution: await ask("GET", "/api/executions/reconcile:one"),
      redriveExecution: await ask("POST", "/api/executions/reconcile:one/redrive"),
      describeApi: await ask("GET", "/openapi.json"),
      showAnalytics: await ask("GET", "/api/analytics/retail-copilot"),
      readReport: await readWritten(),
      askTheCopilot: await ask("POST", "/api/copilot", { body: { question: "?" } }),
    };

    expect(Object.keys(answers).sort()).toEqual(routes.map(({ operation }) => operation).sort());
    for (const { operation, answer } of routes) {
      expect(answers[operation]?.status, operation).toBe(answer.status);
      expect(v.safeParse(answer.schema, answers[operation]?.answer).issues, operation).toBeUndefined();
    }
  });

  /** A page of a report that was written a moment ago. */
  async function readWritten() {
    const root = await mkdtemp(path.join(tmpdir(), "penstock-api-"));
    const [system, build] = ["retail-copilot", "20261121T053000Z-000001"];
    await writeReport(root, system, {
      system,
      report: "query-patterns",
      build,
      rows: [{ pattern: "'SELECT ?'", queries: "3" }],
    });
    builds = {
      currentBuild: async () => ({ system, build, built_at: "2026-11-21T05:30:00Z", generation: 1 }),
      store: directoryObjectStore(root),
      buckets: { [system]: system },
    };
    const page = await ask("GET", `/api/analytics/${system}/query-patterns`);
    await rm(root, { recursive: true });
    return page;
  }

  it("says of a report's filters that they are the columns, and of its tag that it may answer 304", () => {
    const { operation } = described.find(({ path: where }) => where.endsWith("{report}")) ?? {};

    expect(operation?.parameters).toContainEqual({
      name: "filters",
      in: "query",
      required: false,
      description: expect.stringContaining("region=SP"),
      style: "form",
      explode: true,
      schema: { type: "object", additionalProperties: { type: "string" } },
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(["200", "304", "404", "410", "503"]),
    );
  });
});
