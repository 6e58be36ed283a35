import { createHash } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually, execute, nextMessage } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

/** A machine of one task whose arguments are the execution's input. */
const task = (name: string, resource: string, more: object = {}) =>
  graph.machine(name, {
    StartAt: "Task",
    States: {
      Task: {
        Type: "Task",
        Resource: `arn:aws:states:::${resource}`,
        Arguments: "{% $states.input %}",
        End: true,
        ...more,
      },
    },
  });

const machines = {
  invoke: "lambda:invoke",
  putItem: "dynamodb:putItem",
  getItem: "dynamodb:getItem",
  updateItem: "dynamodb:updateItem",
  deleteItem: "dynamodb:deleteItem",
  send: "sqs:sendMessage",
  publish: "sns:publish",
  putEvents: "events:putEvents",
  start: "states:startExecution",
  startSync: "states:startExecution.sync",
  startSync2: "states:startExecution.sync:2",
  sdkPutObject: "aws-sdk:s3:putObject",
  sdkGetObject: "aws-sdk:s3:getObject",
  sdkHeadObject: "aws-sdk:s3:headObject",
  sdkListObjects: "aws-sdk:s3:listObjectsV2",
  sdkPutItem: "aws-sdk:dynamodb:putItem",
  sdkQuery: "aws-sdk:dynamodb:query",
  sdkDescribe: "aws-sdk:sfn:describeExecution",
  sdkFailure: "aws-sdk:sfn:sendTaskFailure",
  sdkSend: "aws-sdk:sqs:sendMessage",
  sdkPublish: "aws-sdk:sns:publish",
  sdkInvoke: "aws-sdk:lambda:invoke",
  sdkEvents: "aws-sdk:eventbridge:putEvents",
  sdkUnknown: "aws-sdk:rekognition:detectLabels",
  sdkNoAction: "aws-sdk:s3:flyAway",
} as const;

beforeAll(async () => {
  const resources = [
    graph.bucket("files"),
    graph.table("items"),
    graph.queue("inbox"),
    graph.queue("news-inbox"),
    graph.topic("news"),
    graph.resource("aws:sns/topicSubscription:TopicSubscription", "news-to-inbox", {
      topic: graph.topicArn("news"),
      protocol: "sqs",
      endpoint: graph.queueArn("news-inbox"),
    }),
    ...Object.entries(machines).map(([name, resource]) => task(name, resource)),
    graph.machine("by-arn", {
      StartAt: "Task",
      States: { Task: { Type: "Task", Resource: graph.functionArn("Echo"), End: true } },
    }),
    graph.machine("child", {
      StartAt: "A",
      States: { A: { Type: "Pass", Output: { got: "{% $states.input %}" }, End: true } },
    }),
    graph.machine("failing-child", {
      StartAt: "A",
      States: { A: { Type: "Fail", Error: "Broken", Cause: "by design" } },
    }),
    graph.machine("long-child", { StartAt: "A", States: { A: { Type: "Wait", Seconds: 3600, End: true } } }),
    task("callback", "sqs:sendMessage.waitForTaskToken", {
      Arguments: {
        QueueUrl: graph.queueUrl("inbox"),
        MessageBody: { token: "{% $states.context.Task.Token %}" },
      },
    }),
    task("impatient", "states:startExecution.sync:2", { TimeoutSeconds: 1 }),
  ];
  const functions = [
    graph.lambda("Echo", "echo"),
    graph.lambda("Fail", "fail"),
    graph.lambda("Hang", "hang", { timeoutSeconds: 1 }),
  ];
  cloud = await bootCloud(graph.graphOf(resources, functions), { root: graph.root });
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());

const run = (machine: keyof typeof machines | (string & {}), input: unknown) =>
  execute(clients.sfn, graph.machineArn(machine), input);

/** The cause as an object, where it is JSON. */
const causeOf = (ended: { cause?: string | undefined }) => JSON.parse(ended.cause ?? "null");

describe("lambda:invoke", () => {
  test("gives the payload parsed, and Lambda's facts beside it", async () => {
    const { result } = await run("invoke", { FunctionName: "Echo", Payload: { a: [1] } });

    expect(result).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: { a: [1] },
      StatusCode: 200,
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
  });

  test("by ARN gives the payload alone", async () => {
    expect((await run("by-arn", { a: 1 })).result).toEqual({ a: 1 });
  });

  test("fails under the name of what the function threw, the error object as cause", async () => {
    const ended = await run("invoke", { FunctionName: "Fail", Payload: { message: "shelf 7" } });

    expect([ended.status, ended.error]).toEqual(["FAILED", "OutOfStock"]);
    expect(causeOf(ended)).toMatchObject({
      errorType: "OutOfStock",
      errorMessage: "shelf 7",
      trace: expect.any(Array),
    });
  });

  test("fails as Sandbox.Timedout when the function took too long", async () => {
    const ended = await run("invoke", { FunctionName: "Hang" });

    expect(ended.error).toBe("Sandbox.Timedout");
    expect(causeOf(ended).errorMessage).toContain("Task timed out after 1.00 seconds");
  });

  test("of a function that is not there names it as AWS does", async () => {
    const ended = await run("invoke", { FunctionName: "Nobody" });

    expect(ended.error).toBe("Lambda.ResourceNotFoundException");
    expect(ended.cause).toMatch(
      /^Function not found: arn:aws:lambda:us-east-1:000000000000:function:Nobody:\$LATEST \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: \S+; Proxy: null\)$/,
    );
  });
});

describe("dynamodb", () => {
  test("puts, gets, updates and deletes an item", async () => {
    const Key = { id: { S: "1" } };
    await run("putItem", { TableName: "items", Item: { ...Key, n: { N: "1" } } });
    await run("updateItem", {
      TableName: "items",
      Key,
      UpdateExpression: "SET n = n + :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    });
    const got = await run("getItem", { TableName: "items", Key });
    const deleted = await run("deleteItem", { TableName: "items", Key, ReturnValues: "ALL_OLD" });

    expect(got.result.Item).toEqual({ id: { S: "1" }, n: { N: "2" } });
    expect(deleted.result.Attributes).toEqual(got.result.Item);
    expect((await run("getItem", { TableName: "items", Key })).result).not.toHaveProperty("Item");
  });

  test("names a condition that does not hold in both forms", async () => {
    await clients.dynamodb.send(new PutItemCommand({ TableName: "items", Item: { id: { S: "taken" } } }));
    const again = {
      TableName: "items",
      Item: { id: { S: "taken" } },
      ConditionExpression: "attribute_not_exists(id)",
    };

    const optimised = await run("putItem", again);
    const sdk = await run("sdkPutItem", again);

    expect(optimised.error).toBe("DynamoDB.ConditionalCheckFailedException");
    expect(optimised.cause).toMatch(
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: \S+; Proxy: null\)$/,
    );
    expect(sdk.error).toBe("DynamoDb.ConditionalCheckFailedException");
    expect(sdk.cause).toMatch(
      /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
    );
  });

  test("names what its model does not know after the service", async () => {
    const wrong = { TableName: "items", Item: { other: { S: "no key" } } };

    expect((await run("putItem", wrong)).error).toBe("DynamoDB.AmazonDynamoDBException");
    expect((await run("sdkPutItem", wrong)).error).toBe("DynamoDb.DynamoDbException");
  });

  test("queries through the SDK integration without HTTP facts in the result", async () => {
    await run("sdkPutItem", { TableName: "items", Item: { id: { S: "q" } } });

    const { result } = await run("sdkQuery", {
      TableName: "items",
      KeyConditionExpression: "id = :id",
      ExpressionAttributeValues: { ":id": { S: "q" } },
    });

    expect(result).toEqual({ Count: 1, Items: [{ id: { S: "q" } }], ScannedCount: 1 });
  });
});

describe("messages and events", () => {
  test("a queue gets text as it is, and anything else as JSON", async () => {
    const { result } = await run("send", { QueueUrl: graph.queueUrl("inbox"), MessageBody: { ä: 1 } });
    const { Body, MessageId } = await nextMessage(clients.sqs, graph.queueUrl("inbox"));

    expect(Body).toBe('{"ä":1}');
    expect(result).toMatchObject({
      MessageId,
      MD5OfMessageBody: createHash("md5").update('{"ä":1}').digest("hex"),
    });
    await run("sdkSend", { QueueUrl: graph.queueUrl("inbox"), MessageBody: '"text"' });
    expect((await nextMessage(clients.sqs, graph.queueUrl("inbox"))).Body).toBe('"text"');
  });

  test("a topic passes on what is published", async () => {
    const notices: unknown[] = [];
    cloud.on("notice", (notice) => notices.push(notice));

    const { result } = await run("publish", {
      TopicArn: graph.topicArn("news"),
      Subject: "s",
      Message: { a: 1 },
    });
    await run("sdkPublish", { TopicArn: graph.topicArn("news"), Message: "plain" });

    const { body } = await nextMessage(clients.sqs, graph.queueUrl("news-inbox"));
    expect(body).toMatchObject({
      Type: "Notification",
      MessageId: result.MessageId,
      Subject: "s",
      Message: '{"a":1}',
    });
    expect(notices).toEqual([
      { topicArn: graph.topicArn("news"), subject: "s", message: '{"a":1}' },
      { topicArn: graph.topicArn("news"), subject: undefined, message: "plain" },
    ]);
  });

  test("queues and topics that are not there have AWS's names", async () => {
    const queue = await run("send", { QueueUrl: graph.queueUrl("gone"), MessageBody: "x" });
    const topic = await run("publish", { TopicArn: graph.topicArn("gone"), Message: "x" });

    expect(queue.error).toBe("SQS.QueueDoesNotExistException");
    expect(topic.error).toBe("SNS.NotFoundException");
  });

  test("events carry the execution among their resources; a failed entry fails the task", async () => {
    const seen: unknown[] = [];
    cloud.on("event", (event) => event.source === "shop" && seen.push(event));

    const ended = await run("putEvents", {
      Entries: [{ Source: "shop", DetailType: "x", Detail: { a: 1 } }],
    });
    const failed = await run("putEvents", {
      Entries: [{ Source: "shop", DetailType: "x", Detail: '"text"' }],
    });
    await run("sdkEvents", { Entries: [{ Source: "shop", DetailType: "x", Detail: { b: 1 } }] });

    expect(ended.result).toEqual({ Entries: [{ EventId: expect.any(String) }], FailedEntryCount: 0 });
    expect(seen).toMatchObject([
      { detail: { a: 1 }, resources: [ended.executionArn, graph.machineArn("putEvents")] },
      { detail: { b: 1 }, resources: [] },
    ]);
    expect(failed.error).toBe("EventBridge.FailedEntry");
    expect(causeOf(failed)).toEqual({
      Entries: [{ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." }],
      FailedEntryCount: 1,
    });
  });
});

describe("states:startExecution", () => {
  const child = (name: string) => ({ StateMachineArn: graph.machineArn(name), Input: { a: 1 } });

  test("answers at once with ARN and date", async () => {
    const { result } = await run("start", child("child"));

    expect(result.ExecutionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:execution:child:/);
    expect(result.StartDate).toBeTypeOf("number");
  });

  test(".sync waits, its output is text; .sync:2 parses it", async () => {
    const text = await run("startSync", child("child"));
    const parsed = await run("startSync2", child("child"));

    expect(text.result).toMatchObject({ Status: "SUCCEEDED", Output: '{"got":{"a":1}}', Input: '{"a":1}' });
    expect(parsed.result).toMatchObject({ Status: "SUCCEEDED", Output: { got: { a: 1 } } });
  });

  test(".sync fails with the child's description when the child fails", async () => {
    const ended = await run("startSync2", child("failing-child"));

    expect(ended.error).toBe("States.TaskFailed");
    expect(causeOf(ended)).toMatchObject({
      Error: "Broken",
      Cause: "by design",
      Status: "FAILED",
      Input: '{"a":1}',
    });
  });

  test("stops the child when the parent does not wait any longer", async () => {
    const Name = "never-awaited";
    const ended = await run("impatient", { ...child("long-child"), Name });

    const executionArn = `arn:aws:states:us-east-1:000000000000:execution:long-child:${Name}`;
    const { status } = await eventually(async () => {
      const description = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return description.status === "RUNNING" ? undefined : description;
    });
    expect([ended.error, status]).toEqual(["States.Timeout", "ABORTED"]);
  });

  test("of a machine that is not there has AWS's name", async () => {
    expect((await run("start", child("gone"))).error).toBe("StepFunctions.StateMachineDoesNotExistException");
  });
});

test("a task that waits for its token ends when the token comes back", async () => {
  const { executionArn } = await clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn: graph.machineArn("callback") }),
  );
  const { body } = await nextMessage(clients.sqs, graph.queueUrl("inbox"));

  await clients.sfn.send(new SendTaskSuccessCommand({ taskToken: body.token, output: '{"done":true}' }));

  const { output } = await eventually(async () => {
    const description = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return description.status === "RUNNING" ? undefined : description;
  });
  expect(output).toBe('{"done":true}');
});

describe("aws-sdk", () => {
  test.each<[string, unknown, string]>([
    ["an object", { Dict: "Value" }, "49e31cee5aec8faf3345893addb14346"],
    ["a list", ["List", "Data"], "6b23860357f6e63a0272b7f1143a663a"],
    ["a boolean", false, "68934a3e9455fa72420237eb05902327"],
  ])("s3:putObject writes %s as the JSON that AWS writes", async (_, Body, md5) => {
    const { result } = await run("sdkPutObject", { Bucket: "files", Key: "x", Body });

    expect(result.ETag).toBe(`"${md5}"`);
  });

  test("s3:getObject gives the body as text, and instants as ISO 8601", async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket: "files", Key: "ä b", Body: "text ü" }));

    const { result } = await run("sdkGetObject", { Bucket: "files", Key: "ä b" });

    expect(result).toMatchObject({
      AcceptRanges: "bytes",
      Body: "text ü",
      ContentLength: 7,
      ETag: `"${createHash("md5").update("text ü").digest("hex")}"`,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      Metadata: {},
    });
    expect(result).not.toHaveProperty("$metadata");
  });

  test("s3:listObjectsV2 lists in PascalCase", async () => {
    const { result } = await run("sdkListObjects", { Bucket: "files", Prefix: "ä" });

    expect(result).toMatchObject({
      KeyCount: 1,
      Contents: [{ Key: "ä b", Size: 7, StorageClass: "STANDARD" }],
    });
  });

  test("errors are named after the Java SDK's exceptions", async () => {
    expect((await run("sdkGetObject", { Bucket: "files", Key: "nope" })).error).toBe("S3.NoSuchKeyException");
    expect((await run("sdkHeadObject", { Bucket: "files", Key: "nope" })).error).toBe(
      "S3.NoSuchKeyException",
    );
    expect((await run("sdkListObjects", { Bucket: "nobodys-bucket" })).error).toBe(
      "S3.NoSuchBucketException",
    );
    const token = await run("sdkFailure", { TaskToken: "NoSuchTaskToken" });
    expect(token.error).toBe("Sfn.InvalidTokenException");
    expect(token.cause).toMatch(
      /^Invalid Token: 'Invalid token' \(Service: Sfn, Status Code: 400, Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
    );
  });

  test("sfn speaks PascalCase both ways", async () => {
    const { executionArn } = await run("child", { b: 2 });

    const { result } = await run("sdkDescribe", { ExecutionArn: executionArn });

    expect(result).toMatchObject({
      ExecutionArn: executionArn,
      Status: "SUCCEEDED",
      Input: '{"b":2}',
      InputDetails: { Included: true },
      StartDate: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("lambda:invoke leaves the payload as text", async () => {
    const { result } = await run("sdkInvoke", { FunctionName: "Echo", Payload: { a: 1 } });

    expect(result).toMatchObject({ Payload: '{"a":1}', StatusCode: 200 });
  });

  test("a service or an action that is not there fails loudly", async () => {
    const service = await run("sdkUnknown", {});
    const action = await run("sdkNoAction", {});

    expect([service.error, action.error]).toEqual(["States.Runtime", "States.Runtime"]);
    expect(service.cause).toContain("rekognition");
    expect(action.cause).toContain("flyAway");
  });

  test("a field that the action does not know fails loudly, where the SDK would leave it out", async () => {
    const top = await run("sdkGetObject", { Bucket: "files", Key: "x", Keys: [] });
    const nested = await run("sdkEvents", { Entries: [{ Source: "shop", DetailTyp: "x", Detail: {} }] });
    const camelCase = await run("sdkDescribe", { executionArn: "x" });

    expect([top, nested, camelCase].map(({ error }) => error)).toEqual(Array(3).fill("States.Runtime"));
    expect(top.cause).toBe('The field "Keys" is not supported by Step Functions');
    expect(nested.cause).toBe('The field "DetailTyp" is not supported by Step Functions');
    expect(camelCase.cause).toBe('The field "executionArn" is not supported by Step Functions');
  });

  test("calls as the machine's role", async () => {
    const { result } = await run("sdkPutObject", { Bucket: "files", Key: "by role", Body: "x" });

    expect(result.ETag).toBeDefined();
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "files", Key: "by role" }));
    expect(await Body?.transformToString()).toBe("x");
  });
});
