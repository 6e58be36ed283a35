import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BusEvent, bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { type Clock, fastClock } from "../../packages/local/src/engine/index.ts";
import { clientsOf, eventually, execute, messagesNow, nextMessage } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
const events: BusEvent[] = [];
const lost: string[] = [];
/** Backoffs of hours are milliseconds. */
const clock: Clock = fastClock(100_000);

const objectsOf = (bucket: string, ...types: string[]) => ({
  source: ["aws.s3"],
  "detail-type": types,
  detail: { bucket: { name: [bucket] } },
});

beforeAll(async () => {
  const resources = [
    graph.bucket("raw-bucket"),
    graph.notifying("raw-bucket"),
    graph.bucket("quiet-bucket"),
    ...["objects", "orders", "statuses", "dead", "shaped"].map((name) => graph.queue(name)),
    graph.topic("news"),
    graph.machine("pass", { StartAt: "A", States: { A: { Type: "Succeed" } } }),
    graph.machine("fail", {
      StartAt: "A",
      States: { A: { Type: "Fail", Error: "Broken", Cause: "by design" } },
    }),
    ...graph.rule("all-objects", objectsOf("raw-bucket", "Object Created", "Object Deleted"), {
      arn: graph.queueArn("objects"),
    }),
    ...graph.rule(
      "orders-only",
      { detail: { object: { key: [{ prefix: "orders/" }] } } },
      { arn: graph.queueArn("orders") },
    ),
    ...graph.rule(
      "to-machine",
      { source: ["shop"], "detail-type": ["start"] },
      { arn: graph.machineArn("pass") },
    ),
    ...graph.rule(
      "statuses",
      { source: ["aws.states"], detail: { stateMachineArn: [graph.machineArn("fail")] } },
      { arn: graph.queueArn("statuses") },
    ),
    ...graph.rule(
      "to-nowhere",
      { source: ["shop"], "detail-type": ["nowhere"] },
      {
        arn: graph.machineArn("gone"),
        deadLetterConfig: { arn: graph.queueArn("dead") },
      },
    ),
    ...graph.rule(
      "to-nowhere-unkept",
      { source: ["shop"], "detail-type": ["unkept"] },
      { arn: graph.queueArn("gone") },
    ),
    ...graph.rule(
      "shaped",
      { source: ["shop"], "detail-type": ["shaped"] },
      {
        arn: graph.queueArn("shaped"),
        inputTransformer: { inputPaths: { id: "$.detail.id" }, inputTemplate: '{"order": <id>}' },
      },
    ),
    ...graph.rule(
      "to-function",
      { source: ["shop"], "detail-type": ["function"] },
      { arn: graph.functionArn("Write"), inputPath: "$.detail" },
    ),
    {
      ...graph.rule("off", { source: ["shop"] }, {})[0],
      inputs: { name: "off", state: "DISABLED", eventPattern: '{"source":["shop"]}' },
    } as never,
    graph.resource(
      "aws:scheduler/schedule:Schedule",
      "nightly",
      {
        name: "nightly",
        scheduleExpression: "cron(0 3 * * ? *)",
        target: {
          arn: graph.machineArn("pass"),
          roleArn: "arn:aws:iam::000000000000:role/scheduler",
          input: '{"at":"<aws.scheduler.scheduled-time>"}',
        },
      },
      { arn: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly" },
    ),
  ];
  cloud = await bootCloud(graph.graphOf(resources, [graph.lambda("Write", "write")]), {
    root: graph.root,
    clock,
  });
  cloud.on("event", (event) => events.push(event));
  cloud.on("lost", ({ rule, reason }) => lost.push(`${rule} ${reason}`));
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());
beforeEach(() => {
  events.length = 0;
});

const put = (Bucket: string, Key: string, Body = "hello") =>
  clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

const emit = (DetailType: string, detail: unknown) =>
  clients.events.send(
    new PutEventsCommand({ Entries: [{ Source: "shop", DetailType, Detail: JSON.stringify(detail) }] }),
  );

const settled = () =>
  eventually(() => {
    const { deliveries, executions, invocations } = cloud.pending();
    return deliveries + executions + invocations === 0 ? true : undefined;
  });

describe("a change of an object", () => {
  test("has S3's own shape as an event", async () => {
    const { ETag } = await put("raw-bucket", "orders/ä b+c 😀.parquet");

    const { body } = await nextMessage(clients.sqs, graph.queueUrl("objects"));

    expect(body).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Object Created",
      source: "aws.s3",
      account: "000000000000",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: "us-east-1",
      resources: ["arn:aws:s3:::raw-bucket"],
      detail: {
        version: "0",
        bucket: { name: "raw-bucket" },
        object: {
          key: "orders/ä b+c 😀.parquet",
          size: 5,
          etag: ETag?.replaceAll('"', ""),
          sequencer: expect.stringMatching(/^[0-9a-f]{20}$/),
        },
        "request-id": expect.any(String),
        requester: "000000000000",
        "source-ip-address": "127.0.0.1",
        reason: "PutObject",
      },
    });
    await messagesNow(clients.sqs, graph.queueUrl("orders"));
  });

  test("is told once for each way to make an object, and for its end", async () => {
    await put("raw-bucket", "one");
    await clients.s3.send(
      new CopyObjectCommand({ Bucket: "raw-bucket", Key: "two", CopySource: "raw-bucket/one" }),
    );
    const Body = Buffer.alloc(6 * 1024 * 1024);
    await new Upload({ client: clients.s3, params: { Bucket: "raw-bucket", Key: "three", Body } }).done();
    await clients.s3.send(new DeleteObjectCommand({ Bucket: "raw-bucket", Key: "one" }));
    await clients.s3.send(new DeleteObjectCommand({ Bucket: "raw-bucket", Key: "never was" }));
    await clients.s3.send(
      new DeleteObjectsCommand({
        Bucket: "raw-bucket",
        Delete: { Objects: [{ Key: "two" }, { Key: "three" }] },
      }),
    );

    const told = events.map(({ detail, ...event }) => {
      const { object, reason } = detail as { object: { key: string; size?: number }; reason: string };
      return [event["detail-type"], reason, object.key, object.size];
    });
    expect(told).toEqual([
      ["Object Created", "PutObject", "one", 5],
      ["Object Created", "CopyObject", "two", 5],
      ["Object Created", "CompleteMultipartUpload", "three", Body.length],
      ["Object Deleted", "DeleteObject", "one", undefined],
      ["Object Deleted", "DeleteObject", "two", undefined],
      ["Object Deleted", "DeleteObject", "three", undefined],
    ]);
  });

  test("of one key has sequencers that compare in the order of the changes", async () => {
    for (const body of ["1", "2", "3"]) await put("raw-bucket", "again", body);

    const sequencers = events.map(
      ({ detail }) => (detail as { object: { sequencer: string } }).object.sequencer,
    );
    expect(sequencers).toEqual([...sequencers].sort());
    expect(new Set(sequencers).size).toBe(3);
  });

  test("is told only where the program has a notification for the bucket", async () => {
    await put("quiet-bucket", "orders/x");

    expect(events).toEqual([]);
  });

  test("that was refused is not told", async () => {
    await put("raw-bucket", "refused");
    events.length = 0;
    const write = clients.s3.send(
      new PutObjectCommand({ Bucket: "raw-bucket", Key: "refused", Body: "x", IfNoneMatch: "*" }),
    );
    await expect(write).rejects.toMatchObject({ name: "PreconditionFailed" });

    expect(events).toEqual([]);
  });
});

describe("a rule", () => {
  test("passes on what matches its pattern and nothing else", async () => {
    await messagesNow(clients.sqs, graph.queueUrl("orders"));
    await put("raw-bucket", "customers/x");
    await put("raw-bucket", "orders/x");
    await settled();

    const keys = (await messagesNow(clients.sqs, graph.queueUrl("orders"))).map(
      (event) => (event as { detail: { object: { key: string } } }).detail.object.key,
    );
    expect(keys).toEqual(["orders/x"]);
  });

  test("starts an execution for each event, for an event that comes twice two", async () => {
    await emit("start", { id: 1 });
    await emit("start", { id: 1 });
    await settled();

    const { executions } = await clients.sfn.send(
      new ListExecutionsCommand({ stateMachineArn: graph.machineArn("pass") }),
    );
    expect(executions?.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("gives its target the input that it shapes", async () => {
    await emit("shaped", { id: 'a "quoted" id' });

    expect((await nextMessage(clients.sqs, graph.queueUrl("shaped"))).body).toEqual({
      order: 'a "quoted" id',
    });
  });

  test("invokes a function", async () => {
    await emit("function", { bucket: "raw-bucket", key: "by rule", body: "x" });
    await settled();

    expect(events.map((event) => (event.detail as { object?: { key: string } }).object?.key)).toContain(
      "by rule",
    );
  });

  test("whose target is gone leaves the event in its dead-letter queue, with the reason", async () => {
    await emit("nowhere", { id: 1 });

    const { body, MessageAttributes } = await nextMessage(clients.sqs, graph.queueUrl("dead"));

    expect(body.detail).toEqual({ id: 1 });
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    );
    expect(attributes).toMatchObject({
      RULE_ARN: "arn:aws:events:us-east-1:000000000000:rule/to-nowhere",
      TARGET_ARN: graph.machineArn("gone"),
      ERROR_CODE: "StateMachineDoesNotExist",
      RETRY_ATTEMPTS: "0",
    });
  });

  test("without a dead-letter queue says what it loses", async () => {
    await emit("unkept", {});
    await settled();

    expect(lost).toEqual([expect.stringContaining("to-nowhere-unkept AccessDenied")]);
  });
});

test("an execution's changes of status are events", async () => {
  await execute(clients.sfn, graph.machineArn("fail"), { a: 1 });
  await settled();

  const statuses = (await messagesNow(clients.sqs, graph.queueUrl("statuses"))) as BusEvent[];
  expect(statuses.map(({ detail }) => detail.status).sort()).toEqual(["FAILED", "RUNNING"]);
  const failed = statuses.find(({ detail }) => detail.status === "FAILED");
  expect(failed).toMatchObject({
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    detail: {
      stateMachineArn: graph.machineArn("fail"),
      error: "Broken",
      cause: "by design",
      input: '{"a":1}',
    },
  });
});

test("a schedule that is fired by hand has its scheduled time in its input", async () => {
  cloud.fireSchedule("nightly", new Date("2026-02-03T03:00:00Z"));
  await settled();

  const { executions } = await clients.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: graph.machineArn("pass") }),
  );
  const inputs = events
    .filter(
      ({ detail }) => detail.status === "SUCCEEDED" && detail.executionArn === executions?.[0]?.executionArn,
    )
    .map(({ detail }) => detail.input);
  expect(inputs).toEqual(['{"at":"2026-02-03T03:00:00Z"}']);
  expect(() => cloud.fireSchedule("weekly", new Date())).toThrow("nightly");
});

describe("PutEvents", () => {
  test("tells entry by entry what it took", async () => {
    const { FailedEntryCount, Entries } = await clients.events.send(
      new PutEventsCommand({
        Entries: [
          { Source: "x", DetailType: "y", Detail: "{}" },
          { Source: "x", DetailType: "y", Detail: '"text"' },
          { Source: "x", Detail: "{}" },
        ],
      }),
    );

    expect(FailedEntryCount).toBe(2);
    expect(Entries?.map(({ EventId, ErrorCode }) => ErrorCode ?? typeof EventId)).toEqual([
      "string",
      "MalformedDetail",
      "InvalidArgument",
    ]);
  });
});
