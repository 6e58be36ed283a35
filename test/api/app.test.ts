import { beforeEach, describe, expect, it } from "vitest";
import { routes } from "../../packages/api/src/index.ts";
import { Throttled, UpstreamUnavailable } from "../../packages/runtime/src/errors.ts";
import { machines } from "./fake-port.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

describe("who may", () => {
  const guarded = routes.filter(({ scopes }) => scopes.length > 0);

  it.each(guarded.map(({ method, path, scopes }) => [method, path, scopes] as const))(
    "%s %s: nobody without a token (401), nobody with a token for something else (403)",
    async (method, path, scopes) => {
      const none = await at.problem(method, path, { scopes: undefined });
      const other = await at.problem(method, path, { scopes: ["openid", "penstock/other"] });

      expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      expect(other.status).toBe(403);
      expect(other.detail).toContain(scopes.join(" or "));
    },
  );

  it("run pipelines but not read what the data say, and the other way round", async () => {
    const analyse = { scopes: ["penstock/analyse"] };
    const run = { scopes: ["penstock/run", "penstock/operate"] };

    expect((await at.problem("GET", "/api/analytics/retail-copilot", run)).status).toBe(403);
    expect((await at.problem("POST", "/api/copilot", { ...run, body: { question: "?" } })).status).toBe(403);
    expect((await at.problem("GET", "/api/executions", analyse)).status).toBe(403);
  });

  it("run but not redrive: a token without the operators' scope", async () => {
    at.port.add(machines.reconcile, "bad", { status: "FAILED", redrivable: true });
    const scopes = ["penstock/run"];

    expect((await at.ask("GET", "/api/executions/reconcile:bad", { scopes })).status).toBe(200);
    expect((await at.problem("POST", "/api/executions/reconcile:bad/redrive", { scopes })).status).toBe(403);
  });
});

describe("a fault", () => {
  const secret = new Error("SELECT card FROM payments");

  it("of ours is told to the log and to nobody else: 500", async () => {
    at.port.fault = secret;

    const answer = await at.problem("GET", "/api/executions");

    expect(answer).toMatchObject({ status: 500, request_id: "request-1" });
    expect(JSON.stringify(answer)).not.toMatch(/SELECT|\.ts|\bat /);
    expect(at.faults).toEqual([secret]);
  });

  it.each([new Throttled("busy"), new UpstreamUnavailable("gone")])(
    "of a service, $name, says when to come again: 503",
    async (fault) => {
      at.port.fault = fault;

      const answer = await at.problem("GET", "/api/executions");

      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    },
  );
});
