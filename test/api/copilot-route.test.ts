import { beforeEach, describe, expect, it } from "vitest";
import { CopilotNotReady, QueryTooSlow } from "../../packages/copilot/src/index.ts";
import {
  ModelOutputInvalid,
  ModelThrottled,
  QueryFailed,
  TooLarge,
} from "../../packages/runtime/src/errors.ts";
import { answer, TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

describe("a question to the copilot", () => {
  const question = { question: "Revenue by region?" };

  it("is answered with the query, the model and the rows, and not kept by anybody", async () => {
    const { status, headers, answer: said } = await at.ask("POST", "/api/copilot", { body: question });

    expect([status, said]).toEqual([200, answer]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("that is refused is a problem with the reason and its code: 422", async () => {
    at.asked = () => ({
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

    const refused = await at.problem("POST", "/api/copilot", { body: question });

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
    at.asked = () => ({ outcome: "refused", refusal: { ...refusal, offline: null } });

    const { headers: _, ...refused } = await at.problem("POST", "/api/copilot", { body: question });

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
    at.asked = () => {
      throw error;
    };

    const failed = await at.problem("POST", "/api/copilot", { body: question });

    expect([failed.status, failed.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(failed.detail).toMatch(detail);
    expect(at.faults).toEqual(status >= 500 ? [error] : []);
  });

  it.each([
    ["nothing", {}, "question", /missing/],
    ["another field", { question: "?", sql: "SELECT 1" }, "sql", /no such field/],
    ["a number", { question: 5 }, "question", /string/],
  ])("must be one: %s is refused with the field", async (_, body, field, detail) => {
    const refused = await at.problem("POST", "/api/copilot", { body });

    expect(refused.status).toBe(400);
    expect(refused.errors).toContainEqual({ field, detail: expect.stringMatching(detail) });
  });
});
