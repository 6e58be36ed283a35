import { createHash } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, nextMessage } from "./clients.ts";
import { type Integrations, openIntegrations } from "./integration-machines.ts";
import * as graph from "./small-graph.ts";

let cloud: Integrations["cloud"];
let clients: Integrations["clients"];
let run: Integrations["run"];

beforeAll(async () => {
  ({ cloud, clients, run } = await openIntegrations());
});
afterAll(() => cloud.close());

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
