import { InvalidInput, ObjectBusy, queueTask } from "@penstock/runtime";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const Message = v.strictObject({ version: v.literal(1), request_id: v.string() });

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "penstock-test-GenerateImages",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:penstock-test-GenerateImages",
  memoryLimitInMB: "1024",
  awsRequestId: "request-1",
  logGroupName: "group",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 50_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      printed.push(...String(chunk).split("\n").filter(Boolean));
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const Line = v.looseObject({ message: v.optional(v.string()) });
const logged = () => printed.map((line) => v.parse(Line, JSON.parse(line))).filter(({ message }) => message);

/** A message as SQS hands it over. */
const record = (messageId: string, body: unknown, receives = 1) => ({
  messageId,
  receiptHandle: "handle",
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: "0" },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:images",
  awsRegion: "us-east-1",
});
const ours = (request_id: string) => ({ version: 1, request_id });

describe("a task of a queue", () => {
  test("takes each message with how often it was received, and keeps none back", async () => {
    const taken: unknown[] = [];
    const handler = queueTask(Message, async ({ request_id }, { receives }) => {
      taken.push([request_id, receives]);
    });

    const answer = await handler({ Records: [record("m1", ours("a")), record("m2", ours("b"), 3)] }, context);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(taken).toEqual([
      ["a", 1],
      ["b", 3],
    ]);
  });

  test("names those that failed and those that are not ours, and the others are done", async () => {
    const done: string[] = [];
    const handler = queueTask(Message, async ({ request_id }) => {
      if (request_id === "busy") throw new ObjectBusy("somebody else has it");
      done.push(request_id);
    });

    const answer = await handler(
      {
        Records: [
          record("m1", ours("a")),
          record("m2", "no JSON {"),
          record("m3", ours("busy")),
          record("m4", { version: 2, request_id: "c" }),
          record("m5", { ...ours("d"), more: "secret" }),
          record("m6", ours("e")),
        ],
      },
      context,
    );

    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      "m2",
      "m3",
      "m4",
      "m5",
    ]);
    expect(done).toEqual(["a", "e"]);
  });

  test("runs the messages of a batch side by side, each with a log of its own and nothing of what it says", async () => {
    let both: () => void = () => {};
    const together = new Promise<void>((resolve) => {
      both = resolve;
    });
    let running = 0;
    const handler = queueTask(Message, async ({ request_id }, { log }) => {
      running += 1;
      if (running === 2) both();
      await together;
      log.info(`seen ${request_id}`);
      if (request_id === "b") throw new Error("Ana asked for it");
    });

    await handler(
      { Records: [record("m1", ours("a")), record("m2", ours("b")), record("m3", "secret")] },
      context,
    );

    const lines = logged();
    expect(lines.find(({ message }) => message === "seen a")).toMatchObject({
      message_id: "m1",
      request_id: "a",
    });
    expect(lines.find(({ message }) => message === "seen b")).toMatchObject({
      message_id: "m2",
      request_id: "b",
    });
    expect(lines.find((line) => line.error_name === "Unexpected")).toMatchObject({ message_id: "m2" });
    expect(lines.find((line) => line.error_name === "InvalidInput")).toMatchObject({ message_id: "m3" });
    expect(JSON.stringify(printed)).not.toMatch(/Ana asked|secret/);
  });

  test("counts what was done and what failed", async () => {
    const handler = queueTask(Message, async ({ request_id }) => {
      if (request_id === "b") throw new InvalidInput("no");
    });

    await handler({ Records: [record("m1", ours("a")), record("m2", ours("b"))] }, context);

    const metrics = printed.map((line) => v.parse(v.looseObject({}), JSON.parse(line)));
    expect(metrics).toContainEqual(expect.objectContaining({ TaskSucceeded: 1, TaskFailed: 1 }));
  });

  test.each([[{}], [{ Records: [{ body: "{}" }] }], [undefined]])(
    "refuses an event that is none of a queue: %j",
    async (event) => {
      const handler = queueTask(Message, async () => expect.unreachable());

      await expect(handler(event, context)).rejects.toMatchObject({ name: "InvalidInput" });
    },
  );
});
