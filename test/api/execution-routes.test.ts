import { beforeEach, describe, expect, it } from "vitest";
import { BODY_LIMIT_BYTES } from "../../packages/api/src/index.ts";
import { machines } from "./fake-port.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

const object = { bucket: "raw-bucket", key: "ecommerce/orders-raw/a b/ä.parquet" };
const start = "/api/pipelines/raw-to-curated/executions";

describe("starting a pipeline", () => {
  it("answers with the execution and where it is", async () => {
    const { status, headers, answer } = await at.ask("POST", start, { body: { ...object, table: "orders" } });

    expect(status).toBe(201);
    expect(answer).toMatchObject({ pipeline: "raw-to-curated", status: "RUNNING", redrives: 0 });
    const where = headers.get("location") ?? "";
    expect(where).toBe(`/api/executions/${encodeURIComponent(answer.id ?? "")}`);
    expect((await at.ask("GET", where)).answer).toMatchObject({
      id: answer.id,
      input: { ...object, table: "orders" },
    });
  });

  it("takes the idempotency key for the execution's name", async () => {
    const headers = { "idempotency-key": "my-key" };
    const first = await at.ask("POST", start, { body: object, headers });
    const again = await at.ask("POST", start, { body: { key: object.key, bucket: object.bucket }, headers });

    expect(first.answer.name).toBe("my-key");
    expect([again.status, again.answer]).toEqual([201, first.answer]);
  });

  it("refuses a key that stands for another input: 409", async () => {
    const headers = { "idempotency-key": "my-key" };
    await at.ask("POST", start, { body: object, headers });

    const refused = await at.problem("POST", start, { body: { ...object, key: "other" }, headers });

    expect(refused).toMatchObject({ status: 409, type: "urn:penstock:problem:key-reused" });
    expect(refused.detail).toContain("another key");
  });

  it("needs no body where a workflow takes no input", async () => {
    expect((await at.ask("POST", "/api/pipelines/reconcile/executions")).status).toBe(201);
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
    const refused = await at.problem("POST", start, { body });

    expect(refused.status).toBe(400);
    expect(refused.errors?.map((each) => each.field)).toContain(field);
    expect(refused.errors?.find((each) => each.field === field)?.detail).toMatch(detail);
    expect(at.port.executions.size).toBe(0);
  });

  it.each(["", "a b", "x".repeat(81), "a/b", "ä"])("refuses the idempotency key %j: 400", async (key) => {
    const headers = { "idempotency-key": encodeURIComponent(key) === key ? key : key.replace("ä", "\u00e4") };
    const refused = await at.problem("POST", start, { body: object, headers });

    expect(refused.status).toBe(400);
    expect(refused.errors?.[0]).toMatchObject({ field: "idempotency-key", detail: /1 to 80 letters/ });
  });

  it.each(["nobody", "on-failure", "constructor", "%2E.%2F"])(
    "does not know %s: 404, and what there is",
    async (name) => {
      const refused = await at.problem("POST", `/api/pipelines/${name}/executions`, { body: {} });

      expect(refused.status).toBe(404);
      expect(refused.detail).toContain("raw-to-curated, reconcile");
    },
  );

  it("refuses a body that is too large, with the limit: 413", async () => {
    const body = JSON.stringify({ ...object, key: "k".repeat(BODY_LIMIT_BYTES) });
    const refused = await at.problem("POST", start, { body });

    expect(refused.status).toBe(413);
    expect(refused.detail).toContain(String(BODY_LIMIT_BYTES));
  });

  it("takes a body that is just small enough", async () => {
    const text = JSON.stringify(object);
    const body = text + " ".repeat(BODY_LIMIT_BYTES - Buffer.byteLength(text));

    expect((await at.ask("POST", start, { body })).status).toBe(201);
  });
});

describe("listing executions", () => {
  it("goes page by page through those that were asked for", async () => {
    for (const name of ["a", "b", "c"]) at.port.add(machines.reconcile, name, { status: "FAILED" });
    at.port.add(machines["raw-to-curated"], "other");

    const query = "/api/executions?pipeline=reconcile&status=FAILED&limit=2";
    const first = await at.ask("GET", query);
    const second = await at.ask("GET", `${query}&token=${first.answer.next_token}`);

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
    const refused = await at.problem("GET", `/api/executions?${query}`);

    expect(refused.status).toBe(400);
    expect(refused.errors).toEqual([{ field, detail: expect.stringMatching(detail) }]);
  });
});

describe("one execution", () => {
  it("is shown with its states", async () => {
    const { arn } = at.port.add(machines.reconcile, "one", {
      status: "SUCCEEDED",
      stoppedAt: new Date(at.port.now + 9),
    });
    const then = new Date(at.port.now);
    at.port.histories.set(arn, [
      { id: 1, previousEventId: 0, at: then, type: "ExecutionStarted" },
      { id: 2, previousEventId: 0, at: then, type: "SucceedStateEntered", state: "Done" },
      { id: 3, previousEventId: 2, at: then, type: "SucceedStateExited", state: "Done" },
    ]);

    const { answer } = await at.ask("GET", "/api/executions/reconcile:one");

    expect(answer).toMatchObject({
      id: "reconcile:one",
      status: "SUCCEEDED",
      states: [{ name: "Done", status: "SUCCEEDED", duration_ms: 0, retries: 0 }],
    });
  });

  it("is taken up again: 202", async () => {
    at.port.add(machines.reconcile, "bad", { status: "FAILED", redrivable: true });

    const { status, answer } = await at.ask("POST", "/api/executions/reconcile:bad/redrive");

    expect([status, answer.id]).toEqual([202, "reconcile:bad"]);
  });

  it("that did not fail is not: 409, with the reason", async () => {
    at.port.add(machines.reconcile, "good", { status: "SUCCEEDED" });

    const refused = await at.problem("POST", "/api/executions/reconcile:good/redrive");

    expect(refused).toMatchObject({ status: 409, detail: expect.stringContaining("SUCCEEDED") });
  });

  it.each([
    ["GET", "/api/executions/reconcile:none"],
    ["GET", "/api/executions/%E0%A4%A"],
    ["POST", "/api/executions/reconcile:none/redrive"],
    ["GET", "/api"],
    ["DELETE", "/api/executions/reconcile:none"],
  ])("or anything else that is not there: %s %s is 404", async (method, path) => {
    expect((await at.problem(method, path)).status).toBe(404);
  });
});
