import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListJobsCommand } from "@aws-sdk/client-glue";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud, PortTaken } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, nextMessage } from "./clients.ts";
import * as graph from "./small-graph.ts";
import { steadyPort } from "./steady-port.ts";

const run = promisify(execFile);

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  const resources = [
    graph.bucket("files"),
    graph.queue("dead"),
    graph.queue("work", {
      visibilityTimeoutSeconds: 45,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: graph.queueArn("dead"), maxReceiveCount: 1 }),
    }),
    graph.queue("ordered.fifo", { fifoQueue: true, contentBasedDeduplication: true }),
    graph.table("events", {
      rangeKey: "at",
      attributes: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
        { name: "kind", type: "S" },
      ],
      globalSecondaryIndexes: [{ name: "by-kind", hashKey: "kind", rangeKey: "at", projectionType: "ALL" }],
    }),
    graph.resource("aws:pipes/pipe:Pipe", "a-pipe", {}),
    graph.role("a-role", []),
  ];
  cloud = await bootCloud(graph.graphOf(resources), { root: graph.root });
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());

describe("the gateway", () => {
  test("listens on the loopback only", () => {
    expect(new URL(cloud.endpoint).hostname).toBe("127.0.0.1");
  });

  test("says what to do about a port that is taken", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => {
        const address = other.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });

    const boot = bootCloud(graph.graphOf([]), { root: graph.root, port });

    await expect(boot).rejects.toThrow(PortTaken);
    await expect(boot).rejects.toThrow(new RegExp(`Port ${port} .*--port`));
    await new Promise((resolve) => other.close(resolve));
  });

  test("can be opened again on the port that it had", async () => {
    const port = await steadyPort();
    const first = await bootCloud(graph.graphOf([]), { root: graph.root, port });
    await first.close();

    const second = await bootCloud(graph.graphOf([]), { root: graph.root, port });

    expect(second.endpoint).toBe(first.endpoint);
    await second.close();
  });

  test.each<[string, ReturnType<typeof graph.graphOf>, string]>([
    [
      "a pattern",
      graph.graphOf(graph.rule("r", { source: [{ nonsense: 1 }] }, { arn: graph.queueArn("x") })),
      "InvalidEventPattern",
    ],
    [
      "a property",
      graph.graphOf([graph.resource("aws:s3/bucket:Bucket", "b", { bucket: 7 })]),
      "UnreadableResource",
    ],
    [
      "a schedule",
      graph.graphOf([
        graph.resource("aws:cloudwatch/eventRule:EventRule", "r", {
          name: "r",
          arn: "arn:r",
          scheduleExpression: "daily",
        }),
      ]),
      "InvalidSchedule",
    ],
    [
      "a definition",
      graph.graphOf([graph.machine("m", { StartAt: "A", States: { A: { Type: "Task", Timeout: 1 } } })]),
      "MachineRefused",
    ],
  ])("is closed again when the program has %s that cannot be built", async (_, wrong, name) => {
    const port = await steadyPort();

    await expect(bootCloud(wrong, { root: graph.root, port })).rejects.toMatchObject({ name });

    const again = await bootCloud(graph.graphOf([]), { root: graph.root, port });
    await again.close();
  });

  test("tells who calls", async () => {
    const { Arn, Account } = await clients.sts.send(new GetCallerIdentityCommand({}));

    expect([Arn, Account]).toEqual(["arn:aws:iam::000000000000:root", "000000000000"]);
  });

  test("tells what it holds", async () => {
    const answer = await fetch(`${cloud.endpoint}/_penstock`);

    expect(await answer.json()).toMatchObject({
      app: "sample",
      buckets: ["files"],
      tables: ["events"],
      endpoint: cloud.endpoint,
    });
  });

  test("refuses what is not signed", async () => {
    const answer = await fetch(`${cloud.endpoint}/files/x`);

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("MissingAuthenticationToken");
  });

  test("takes requests that are signed in their query", async () => {
    const credential = encodeURIComponent("local/20260101/us-east-1/s3/aws4_request");
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Signature=x`;

    const put = await fetch(`${cloud.endpoint}/files/signed?${query}`, { method: "PUT", body: "hello" });
    const got = await fetch(`${cloud.endpoint}/files/signed?${query}`);

    expect([put.status, await got.text()]).toEqual([200, "hello"]);
  });

  test("answers NotImplemented, naming service and action, for what is not there", async () => {
    const calls: [() => Promise<unknown>, string][] = [
      [
        () => clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [] })),
        "dynamodb TransactWriteItems",
      ],
      [
        () =>
          clients.dynamodb.send(
            new UpdateTimeToLiveCommand({
              TableName: "events",
              TimeToLiveSpecification: { Enabled: true, AttributeName: "ttl" },
            }),
          ),
        "dynamodb UpdateTimeToLive",
      ],
      [
        () =>
          clients.dynamodb.send(
            new PutItemCommand({
              TableName: "events",
              Item: { id: { S: "x" }, at: { N: "1" } },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        "PutItem with ReturnValuesOnConditionCheckFailure",
      ],
      [
        () => clients.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: "x" })),
        "sqs ListMessageMoveTasks",
      ],
      [() => clients.events.send(new ListRulesCommand({})), "events ListRules"],
      [() => clients.glue.send(new ListJobsCommand({})), "glue ListJobs"],
      [() => clients.lambda.send(new ListFunctionsCommand({})), "lambda GET"],
    ];

    for (const [call, what] of calls) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
      expect(String(error)).toContain(what);
    }
  });

  test("names the resources that do something on AWS and nothing here", () => {
    expect(cloud.notBuilt).toEqual(["aws:pipes/pipe:Pipe a-pipe"]);
  });
});

describe("tables", () => {
  test("have the keys and indexes of the program", async () => {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: "events" }));

    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/events",
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [{ IndexName: "by-kind" }],
    });
  });

  test("are written and queried, by index too", async () => {
    const item = (id: string, at: number, kind: string) => ({
      id: { S: id },
      at: { N: String(at) },
      kind: { S: kind },
    });
    const items = [item("a", 1, "x"), item("a", 2, "y"), item("b", 3, "x")];
    await clients.dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { events: items.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );

    const { Items } = await clients.dynamodb.send(
      new QueryCommand({
        TableName: "events",
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :kind",
        ExpressionAttributeValues: { ":kind": { S: "x" } },
      }),
    );

    expect(Items).toEqual([items[0], items[2]]);
  });

  test("let one of many conditional writes through", async () => {
    const writes = Array.from({ length: 10 }, () =>
      clients.dynamodb.send(
        new PutItemCommand({
          TableName: "events",
          Item: { id: { S: "lease" }, at: { N: "0" } },
          ConditionExpression: "attribute_not_exists(id)",
        }),
      ),
    );

    const ends = await Promise.allSettled(writes);

    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const end of ends) {
      if (end.status === "rejected") expect(end.reason).toBeInstanceOf(ConditionalCheckFailedException);
    }
  });
});

describe("queues", () => {
  test("have the attributes of the program and lead back to the gateway by their URL", async () => {
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "work" }));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );

    expect(QueueUrl).toBe(`${cloud.endpoint}/000000000000/work`);
    expect(Attributes).toMatchObject({ VisibilityTimeout: "45", QueueArn: graph.queueArn("work") });
  });

  test("take any character that SQS takes, and AWS's form of their URL", async () => {
    const MessageBody = '"ä 😀 \\u0000"';
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: graph.queueUrl("work"), MessageBody }));

    const { Body, ReceiptHandle } = await nextMessage(clients.sqs, `${cloud.endpoint}/000000000000/work`);
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: graph.queueUrl("work"), ReceiptHandle }));
    const control = clients.sqs.send(
      new SendMessageCommand({ QueueUrl: graph.queueUrl("work"), MessageBody: "\u0001" }),
    );

    expect(Body).toBe(MessageBody);
    await expect(control).rejects.toMatchObject({ name: "InvalidMessageContents" });
  });

  test("hand what is received too often to their dead-letter queue", async () => {
    const QueueUrl = graph.queueUrl("work");
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '"poison"' }));
    await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));

    expect((await nextMessage(clients.sqs, graph.queueUrl("dead"))).body).toBe("poison");
  });

  test("of first in, first out drop duplicates", async () => {
    const QueueUrl = graph.queueUrl("ordered.fifo");
    for (const MessageBody of ["1", "1", "2"]) {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "g" }));
    }

    const first = await nextMessage(clients.sqs, QueueUrl);
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle }));
    const second = await nextMessage(clients.sqs, QueueUrl);

    expect([first.body, second.body]).toEqual([1, 2]);
  });
});

describe("the AWS CLI", async () => {
  const present = await run("aws", ["--version"]).then(
    () => true,
    () => false,
  );

  test.skipIf(!present && process.env.CI === undefined)(
    "works with nothing but an endpoint URL",
    async () => {
      const environment = {
        PATH: process.env.PATH,
        HOME: "/nonexistent",
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_DEFAULT_REGION: "us-east-1",
      };
      const aws = async (...args: string[]) => {
        const { stdout } = await run("aws", ["--endpoint-url", cloud.endpoint, ...args], {
          env: environment,
        });
        return stdout;
      };

      await aws("s3", "cp", "--no-progress", "package.json", "s3://files/from cli/ä+b.json");
      expect(await aws("s3", "ls", "--recursive", "s3://files")).toContain("from cli/ä+b.json");
      expect(await aws("s3", "cp", "s3://files/from cli/ä+b.json", "-")).toContain('"penstock"');
      await aws("s3", "rm", "s3://files/from cli/ä+b.json");
      const { Account } = JSON.parse(await aws("sts", "get-caller-identity"));
      expect(Account).toBe("000000000000");
      await aws("sqs", "send-message", "--queue-url", graph.queueUrl("dead"), "--message-body", '"cli"');
      const received = JSON.parse(await aws("sqs", "receive-message", "--queue-url", graph.queueUrl("dead")));
      expect(received.Messages[0].Body).toBe('"cli"');
    },
  );
});
