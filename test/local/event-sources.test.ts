import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { doneMessages } from "../../packages/local/src/cloud/lambda/event-sources/batch-answer.ts";
import { clientsOf, eventually, messagesNow } from "./clients.ts";
import * as graph from "./small-graph.ts";

const mapping = (queue: string, inputs: Record<string, unknown> = {}) =>
  graph.resource("aws:lambda/eventSourceMapping:EventSourceMapping", `${queue}-to-function`, {
    eventSourceArn: graph.queueArn(queue),
    functionName: queue,
    batchSize: 5,
    ...inputs,
  });
const partial = { functionResponseTypes: ["ReportBatchItemFailures"] };
/** A queue that gives a message up after three receives, a second apart. */
const impatient = (name: string) => [
  graph.queue(`${name}-dead`),
  graph.queue(name, {
    visibilityTimeoutSeconds: 1,
    redrivePolicy: JSON.stringify({
      deadLetterTargetArn: graph.queueArn(`${name}-dead`),
      maxReceiveCount: 3,
    }),
  }),
];
const handled = (name: string, handler: string) =>
  graph.lambda(name, handler, { handler: `test/local/functions/queue.${handler}`, timeoutSeconds: 1 });

const resources = [
  graph.queue("printed", { visibilityTimeoutSeconds: 30 }),
  mapping("printed"),
  ...impatient("named"),
  mapping("named", { ...partial, scalingConfig: { maximumConcurrency: 2 } }),
  ...impatient("deaf"),
  mapping("deaf"),
  ...impatient("refused"),
  mapping("refused", partial),
  graph.queue("resting"),
  mapping("resting", { enabled: false }),
];
const functions = [
  handled("printed", "print"),
  handled("named", "name"),
  handled("deaf", "name"),
  handled("refused", "refuse"),
  handled("resting", "print"),
];

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  cloud = await bootCloud(graph.graphOf(resources, functions), { root: graph.root });
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());

const send = (queue: string, MessageBody: string) =>
  clients.sqs.send(new SendMessageCommand({ QueueUrl: graph.queueUrl(queue), MessageBody }));
/** What a function printed, of its own lines. */
const printed = (name: string) =>
  cloud
    .log(name)
    .split("\n")
    .filter((line) => line !== "" && !/^(START|END|REPORT|\S+ ERROR) ?/.test(line));
/** How often a function was given a message. */
const times = (name: string, body: string) =>
  printed(name).filter((line) => line.split(",").includes(body)).length;
const settled = () => eventually(() => (cloud.pending().deliveries === 0 ? true : undefined));

describe("messages of a queue", () => {
  test("reach the function as Lambda gives them, and are gone then", async () => {
    const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = await clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: graph.queueUrl("printed"),
        MessageBody: '{"a": "ä"}',
        MessageAttributes: {
          kind: { DataType: "String", StringValue: "x" },
          bytes: { DataType: "Binary", BinaryValue: Buffer.from("b") },
        },
      }),
    );

    const [line = ""] = await eventually(() =>
      printed("printed").length > 0 ? printed("printed") : undefined,
    );

    expect(JSON.parse(line)).toEqual({
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: '{"a": "ä"}',
          attributes: {
            ApproximateReceiveCount: "1",
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            kind: { stringValue: "x", stringListValues: [], binaryListValues: [], dataType: "String" },
            bytes: { binaryValue: "Yg==", stringListValues: [], binaryListValues: [], dataType: "Binary" },
          },
          md5OfBody: MD5OfMessageBody,
          md5OfMessageAttributes: MD5OfMessageAttributes,
          eventSource: "aws:sqs",
          eventSourceARN: graph.queueArn("printed"),
          awsRegion: "us-east-1",
        },
      ],
    });
    await settled();
    expect(await messagesNow(clients.sqs, graph.queueUrl("printed"))).toEqual([]);
  });

  test("that the function names as failed come again, three times in all; the others of the batch do not", async () => {
    const bodies = ["fail-1", "well-1", "fail-2", "well-2"];
    await clients.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: graph.queueUrl("named"),
        Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
      }),
    );

    const dead: string[] = [];
    await eventually(async () => {
      dead.push(...(await rawMessages("named-dead")));
      return dead.length >= 2 ? true : undefined;
    });

    expect(dead.sort()).toEqual(["fail-1", "fail-2"]);
    expect(bodies.map((body) => times("named", body))).toEqual([3, 1, 3, 1]);
  });

  test("are all done with where the mapping does not ask which failed, whatever the function answers", async () => {
    await send("deaf", "fail-all-the-same");
    await eventually(() => (times("deaf", "fail-all-the-same") > 0 ? true : undefined));
    await settled();

    expect([await rawMessages("deaf"), await rawMessages("deaf-dead")]).toEqual([[], []]);
  });

  test("all come again when the function fails, and lie with the dead after the third time", async () => {
    await send("refused", "unlucky");

    const dead = await eventually(async () => (await rawMessages("refused-dead"))[0]);

    expect([dead, times("refused", "unlucky")]).toEqual(["unlucky", 3]);
  });

  test("stay where they are while the mapping is not enabled", async () => {
    await send("resting", "later");
    await send("printed", "now");
    await eventually(() => (printed("printed").some((line) => line.includes('"now"')) ? true : undefined));

    expect([await rawMessages("resting"), printed("resting")]).toEqual([["later"], []]);
  });
});

/** Bodies of what is in a queue, as they are. */
async function rawMessages(queue: string): Promise<string[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: graph.queueUrl(queue), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body ?? "");
}

test.each<[answer: string, done: string[]]>([
  ["null", ["a", "b"]],
  ["", ["a", "b"]],
  ["{}", ["a", "b"]],
  ["[]", ["a", "b"]],
  ['{"batchItemFailures": null}', ["a", "b"]],
  ['{"batchItemFailures": []}', ["a", "b"]],
  ['{"batchItemFailures": [{"itemIdentifier": "a"}]}', ["b"]],
  ['{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}', []],
  ['{"batchItemFailures": [{"itemIdentifier": ""}]}', []],
  ['{"batchItemFailures": [{"itemIdentifier": null}]}', []],
  ['{"batchItemFailures": [{"itemIdentifier": "c"}]}', []],
  ['{"batchItemFailures": [{"messageId": "a"}]}', []],
  ['{"batchItemFailures": "a"}', []],
  ['"fine"', []],
])("of a and b, an answer %s is done with %j", (payload, done) => {
  expect(doneMessages(["a", "b"], payload)).toEqual(done);
});

describe("the cloud does not boot with a mapping", () => {
  const boot = (
    inputs: Record<string, unknown>,
    queueInputs: Record<string, unknown> = {},
    more: object[] = [],
  ) => {
    const role = graph.role("source-role", [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }, ...more]);
    const parts = [graph.queue("source", queueInputs), mapping("source", inputs), role];
    return bootCloud(graph.graphOf(parts, [graph.lambda("source", "echo")]), { root: graph.root });
  };

  test.each<[why: string, inputs: Record<string, unknown>, message: RegExp]>([
    ["of a stream", { eventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/a" }, /only a queue/],
    ["of a FIFO queue", { eventSourceArn: graph.queueArn("a.fifo") }, /FIFO/],
    ["with a filter", { filterCriteria: { filters: [{ pattern: "{}" }] } }, /filterCriteria/],
    [
      "with pollers of its own",
      { provisionedPollerConfig: { minimumPollers: 2 } },
      /provisionedPollerConfig/,
    ],
    ["with a batch window", { maximumBatchingWindowInSeconds: 5 }, /maximumBatchingWindowInSeconds/],
    ["with a batch too large", { batchSize: 11 }, /batchSize is 1 to 10/],
    [
      "with one function at a time",
      { scalingConfig: { maximumConcurrency: 1 } },
      /maximumConcurrency is 2 to/,
    ],
    [
      "with an answer that nobody knows",
      { functionResponseTypes: ["All"] },
      /functionResponseTypes has "All"/,
    ],
    [
      "whose function may take longer than its queue hides a message",
      {},
      /hides a message for 10 s, and source may take 30 s/,
    ],
  ])("%s", async (_, inputs, message) => {
    await expect(boot(inputs, { visibilityTimeoutSeconds: 10 })).rejects.toThrow(message);
  });

  test("whose function may not look at its queue", async () => {
    const deny = { Effect: "Deny", Action: "sqs:GetQueueAttributes", Resource: "*" };

    await expect(boot({}, { visibilityTimeoutSeconds: 30 }, [deny])).rejects.toThrow(
      /cannot look at .*sqs:getqueueattributes/,
    );
  });
});

test("what a role may not do is told, once", async () => {
  const role = graph.role("source-role", [
    { Effect: "Allow", Action: ["sqs:GetQueueAttributes", "sqs:ReceiveMessage"], Resource: "*" },
  ]);
  const parts = [graph.queue("source", { visibilityTimeoutSeconds: 30 }), mapping("source"), role];
  const own = await bootCloud(graph.graphOf(parts, [handled("source", "print")]), { root: graph.root });
  const lost: { rule: string; reason: string }[] = [];
  own.on("lost", (loss) => lost.push(loss));
  const { sqs } = clientsOf(own.endpoint);
  for (const MessageBody of ["one", "two"]) {
    await sqs.send(new SendMessageCommand({ QueueUrl: graph.queueUrl("source"), MessageBody }));
  }

  await eventually(() =>
    own.log("source").split("REPORT").length > 2 || lost.length > 1 ? true : undefined,
  );
  await eventually(() => (own.pending().deliveries === 0 ? true : undefined));

  expect(lost).toEqual([
    expect.objectContaining({
      rule: "source-to-function",
      reason: expect.stringContaining("sqs:deletemessage"),
    }),
  ]);
  await own.close();
});
