import { ObjectBusy, task } from "@penstock/runtime";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const Input = v.strictObject({
  run_id: v.string(),
  table: v.nullable(v.string()),
  limits: v.optional(v.strictObject({ rows: v.pipe(v.number(), v.integer()) })),
});

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "penstock-test-Refine",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:penstock-test-Refine",
  memoryLimitInMB: "3008",
  awsRequestId: "request-1",
  logGroupName: "group",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 60_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  // Powertools has a console of its own over these streams; Lambda's log is what is written to them.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      printed.push(...String(chunk).split("\n").filter(Boolean));
      return true;
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What was printed as JSON lines: log lines and metrics. */
const lines = (): Record<string, unknown>[] => printed.map((line) => v.parse(Line, JSON.parse(line)));
const Line = v.record(v.string(), v.unknown());

describe("a task", () => {
  test("gives its input to the function and the function's answer back", async () => {
    const handler = task(Input, async ({ run_id, table }) => ({ seen: `${run_id} ${table}` }));

    expect(await handler({ run_id: "r1", table: "orders" }, context)).toEqual({ seen: "r1 orders" });
  });

  test("passes a store, leases, a log, metrics and the time", async () => {
    const handler = task(Input, async (_, { store, locks, log, metrics, now }) => {
      expect(store.head).toBeTypeOf("function");
      expect(locks("locks").acquire).toBeTypeOf("function");
      expect(log.info).toBeTypeOf("function");
      expect(metrics.addMetric).toBeTypeOf("function");
      return now();
    });

    expect(await handler({ run_id: "r1", table: null }, context)).toBeInstanceOf(Date);
  });

  test.each([
    ["an unknown field", { run_id: "r1", table: null, extra: 1 }, "extra: there is no such field"],
    [
      "an unknown field deeper down",
      { run_id: "r1", table: null, limits: { rows: 1, bytes: 2 } },
      "limits.bytes",
    ],
    ["a field that is missing", { run_id: "r1" }, "table"],
    ["a field of another type", { run_id: 7, table: null }, "run_id: expected string"],
    ["a rule of a field", { run_id: "r1", table: null, limits: { rows: 1.5 } }, "limits.rows"],
    ["no object at all", "r1", "the event"],
    ["nothing", undefined, "the event"],
  ])("refuses %s with its path, as InvalidInput", async (_, event, path) => {
    const handler = task(Input, async () => expect.unreachable());

    await expect(handler(event, context)).rejects.toMatchObject({
      name: "InvalidInput",
      message: expect.stringContaining(path),
    });
  });

  test("names every field that does not fit, and quotes none of their values", async () => {
    const handler = task(Input, async () => expect.unreachable());

    const failed = handler({ run_id: 4111111111111111, table: ["4111111111111111"] }, context);

    await expect(failed).rejects.toThrow(/run_id.*table/);
    await expect(failed).rejects.toThrow(expect.not.stringContaining("4111"));
    expect(printed.join()).not.toContain("4111");
  });

  test("logs the run and the table on every line, and those of one event not on the next's", async () => {
    const handler = task(Input, async (_, { log }) => log.info("at work"));

    await handler({ run_id: "r1", table: "orders" }, context);
    await handler({ run_id: "r2", table: null }, context);

    const [first, second] = lines().filter(({ message }) => message === "at work");
    expect(first).toMatchObject({ run_id: "r1", table: "orders", function_request_id: "request-1" });
    expect(second).toMatchObject({ run_id: "r2" });
    expect(second).not.toHaveProperty("table");
  });

  test("publishes its metrics in EMF under Penstock, whichever way it ends", async () => {
    const good = task(Input, async (_, { metrics }) => void metrics.addMetric("RowsCurated", "Count", 3));
    const bad = task(Input, async () => {
      throw new ObjectBusy("held by another execution");
    });

    await good({ run_id: "r1", table: null }, context);
    await expect(bad({ run_id: "r1", table: null }, context)).rejects.toThrow(ObjectBusy);

    const metrics = lines().filter((line) => "_aws" in line);
    expect(metrics).toHaveLength(2);
    expect(metrics[0]).toMatchObject({ RowsCurated: 3, TaskSucceeded: 1 });
    expect(JSON.stringify(metrics[0])).toContain('"Namespace":"Penstock"');
    expect(metrics[1]).toMatchObject({ TaskFailed: 1 });
  });
});

describe("a task that fails", () => {
  test("keeps the name of a named error and logs it once", async () => {
    const handler = task(Input, async () => {
      throw new ObjectBusy("s3://curated/x is held by another execution");
    });

    await expect(handler({ run_id: "r1", table: "orders" }, context)).rejects.toMatchObject({
      name: "ObjectBusy",
    });

    const errors = lines().filter(({ level }) => level === "ERROR");
    expect(errors).toEqual([
      expect.objectContaining({ error_name: "ObjectBusy", run_id: "r1", table: "orders" }),
    ]);
  });

  test("names a failure of AWS that no store has named", async () => {
    const handler = task(Input, async () => {
      throw Object.assign(new Error("slow down"), {
        name: "ThrottlingException",
        $metadata: { httpStatusCode: 400 },
      });
    });

    await expect(handler({ run_id: "r1", table: null }, context)).rejects.toMatchObject({
      name: "Throttled",
    });
  });

  test("says of any other error its kind and place, and nothing that it quotes", async () => {
    const handler = task(Input, async () => JSON.parse("card 4111111111111111"));

    const failure: unknown = await handler({ run_id: "r1", table: null }, context).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );

    expect(failure).toMatchObject({
      name: "Unexpected",
      message: expect.stringContaining("SyntaxError at "),
    });
    if (!(failure instanceof Error)) expect.unreachable();
    expect(failure.stack).toContain("task.test.ts");
    expect(`${failure.message} ${failure.stack} ${String(failure.cause)} ${printed.join()}`).not.toContain(
      "4111",
    );
  });

  test("survives a thrown value that is no error", async () => {
    const handler = task(Input, () => Promise.reject("4111111111111111"));

    await expect(handler({ run_id: "r1", table: null }, context)).rejects.toMatchObject({
      name: "Unexpected",
    });
    expect(printed.join()).not.toContain("4111");
  });
});
