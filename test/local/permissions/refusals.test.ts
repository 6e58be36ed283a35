import { AthenaClient, GetQueryExecutionCommand } from "@aws-sdk/client-athena";
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GlueClient, StartJobRunCommand } from "@aws-sdk/client-glue";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerJson, answerXml } from "../../../packages/local/src/cloud/gateway/answer.ts";
import type { Service } from "../../../packages/local/src/cloud/gateway/call.ts";
import { CredentialIssuer } from "../../../packages/local/src/cloud/gateway/credentials.ts";
import { type Gateway, openGateway } from "../../../packages/local/src/cloud/gateway/gateway.ts";
import { Guard, Permissions } from "../../../packages/local/src/cloud/permissions/index.ts";
import * as small from "../small-graph.ts";

const ACCOUNT = "000000000000";
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/the-key`;
const arn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});

const tlsOnly = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::open", "arn:aws:s3:::open/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const closed = {
  Sid: "NobodyDeletes",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:DeleteObject",
  Resource: "arn:aws:s3:::open/kept/*",
};
const bucketPolicy = (Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

const resources = [
  small.bucket("open"),
  small.bucket("sealed"),
  small.resource("aws:s3/bucketPolicy:BucketPolicy", "open-policy", {
    bucket: "open",
    policy: bucketPolicy([tlsOnly, closed]),
  }),
  small.resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "e",
    {
      bucket: "sealed",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
    },
  ),
  small.resource("aws:kms/key:Key", "key", {}, { arn: KEY, keyId: "the-key" }),
  small.queue("q"),
  small.queue("sealed-q", { kmsMasterKeyId: "the-key" }),
  small.topic("sealed-t", { kmsMasterKeyId: "the-key" }),
  small.table("sealed-table", { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } }),
  small.role("nothing", []),
  small.role("some", [
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::open/*"),
    allow("s3:ListBucket", "arn:aws:s3:::open", { StringLike: { "s3:prefix": "mine/*" } }),
    allow("lambda:InvokeFunction", small.functionArn("F")),
    allow("athena:GetQueryExecution", `arn:aws:athena:us-east-1:${ACCOUNT}:workgroup/team`),
  ]),
  small.role("keyless", [
    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::sealed/*"),
    allow("sqs:*", "*"),
    allow("sns:Publish", "*"),
    allow("dynamodb:*", "*"),
  ]),
  small.role("keyed-by-s3", [
    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::sealed/*"),
    allow("sqs:*", "*"),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY, {
      StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
    }),
  ]),
  small.role("bound-context", [
    allow("s3:PutObject", "arn:aws:s3:::sealed/*"),
    allow("kms:GenerateDataKey", KEY, {
      StringEquals: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::sealed" },
    }),
  ]),
  small.resource(
    "aws:iam/role:Role",
    "bounded",
    {
      name: "bounded",
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/limit`,
      inlinePolicies: [
        { name: "all", policy: bucketPolicy([{ Effect: "Allow", Action: "s3:*", Resource: "*" }]) },
      ],
    },
    { arn: arn("bounded") },
  ),
  small.resource(
    "aws:iam/policy:Policy",
    "limit",
    { policy: bucketPolicy([{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]) },
    { arn: `arn:aws:iam::${ACCOUNT}:policy/limit` },
  ),
];
const graph = small.graphOf(resources);

let gateway: Gateway;
const credentials = new CredentialIssuer();
/** Calls that came through to a service: its name and the method. */
const through: string[] = [];

/** A service that is only reached by those who may: it says so. */
const reached = (name: string, protocol: Service["protocol"]): Service => ({
  protocol,
  async handle(call) {
    through.push(`${name} ${call.request.method}`);
    call.request.resume();
    if (protocol === "rest-xml") answerXml(call, 200, "<Result/>");
    else answerJson(call, 200, {});
  },
});

beforeAll(async () => {
  const guard = new Guard(graph, new Permissions(graph));
  guard.workGroupOf = (id) => (id === "of-team" ? "team" : undefined);
  gateway = await openGateway({
    port: 0,
    credentials,
    guard,
    services: {
      athena: reached("athena", "json"),
      dynamodb: reached("dynamodb", "json"),
      events: reached("events", "json"),
      glue: reached("glue", "json"),
      lambda: reached("lambda", "rest-json"),
      s3: reached("s3", "rest-xml"),
      sns: reached("sns", "query"),
      sqs: reached("sqs", "json"),
      states: reached("states", "json"),
    },
    describe: () => ({}),
  });
});
afterAll(() => gateway.close());

/** How the clients of a role are made. */
const as = (role: string) => ({
  endpoint: gateway.endpoint,
  region: "us-east-1",
  maxAttempts: 1,
  forcePathStyle: true,
  credentials: credentials.issue(arn(role), "work"),
});
const user = (role: string) => `User: arn:aws:sts::${ACCOUNT}:assumed-role/${role}/work`;

/** What a refused call answers: SDK's name, HTTP status, message. */
async function refusal(call: Promise<unknown>) {
  const thrown: { name: string; message: string; $metadata: { httpStatusCode: number } } = await call.then(
    () => {
      throw new Error("The call was let through.");
    },
    (error) => error,
  );
  return { name: thrown.name, status: thrown.$metadata?.httpStatusCode, message: thrown.message };
}

describe("a role without the permission is told so as each service words it", () => {
  const none = "because no identity-based policy allows the";

  it("S3: AccessDenied, the resource in quotes", async () => {
    const get = new GetObjectCommand({ Bucket: "open", Key: "a/b c" });
    expect(await refusal(new S3Client(as("nothing")).send(get))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `${user("nothing")} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::open/a/b c" ${none} s3:GetObject action`,
    });
  });

  it("S3: 403 without a word for HEAD", async () => {
    const head = new HeadObjectCommand({ Bucket: "open", Key: "a" });
    expect(await refusal(new S3Client(as("nothing")).send(head))).toMatchObject({ status: 403 });
  });

  it("DynamoDB, EventBridge, Glue and Step Functions: AccessDeniedException", async () => {
    const { expected, answers } = {
      expected: [
        `dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/t ${none} dynamodb:GetItem action`,
        `events:PutEvents on resource: arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default ${none} events:PutEvents action`,
        `glue:StartJobRun on resource: arn:aws:glue:us-east-1:${ACCOUNT}:job/j ${none} glue:StartJobRun action`,
        `states:StartExecution on resource: ${small.machineArn("m")} ${none} states:StartExecution action`,
      ],
      answers: await Promise.all([
        refusal(new DynamoDBClient(as("nothing")).send(new GetItemCommand({ TableName: "t", Key: {} }))),
        refusal(
          new EventBridgeClient(as("nothing")).send(
            new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "sold", Detail: "{}" }] }),
          ),
        ),
        refusal(new GlueClient(as("nothing")).send(new StartJobRunCommand({ JobName: "j" }))),
        refusal(
          new SFNClient(as("nothing")).send(
            new StartExecutionCommand({ stateMachineArn: small.machineArn("m") }),
          ),
        ),
      ]),
    };
    expect(answers).toEqual(
      expected.map((what) => ({
        name: "AccessDeniedException",
        status: 400,
        message: `${user("nothing")} is not authorized to perform: ${what}`,
      })),
    );
  });

  it("Lambda: AccessDeniedException with 403", async () => {
    const invoke = new InvokeCommand({ FunctionName: "F" });
    expect(await refusal(new LambdaClient(as("nothing")).send(invoke))).toEqual({
      name: "AccessDeniedException",
      status: 403,
      message: `${user("nothing")} is not authorized to perform: lambda:InvokeFunction on resource: ${small.functionArn("F")} ${none} lambda:InvokeFunction action`,
    });
  });

  it("SNS: AuthorizationError, its own name in capitals", async () => {
    const publish = new PublishCommand({ TopicArn: small.topicArn("sealed-t"), Message: "m" });
    expect(await refusal(new SNSClient(as("nothing")).send(publish))).toEqual({
      name: "AuthorizationErrorException",
      status: 403,
      message: `${user("nothing")} is not authorized to perform: SNS:Publish on resource: ${small.topicArn("sealed-t")} ${none} SNS:Publish action`,
    });
  });

  it("SQS: AccessDenied, the action in small letters, a batch as its single action", async () => {
    const Entries = [{ Id: "1", MessageBody: "m" }];
    const send = new SendMessageBatchCommand({ QueueUrl: small.queueUrl("q"), Entries });
    const refused = await refusal(new SQSClient(as("nothing")).send(send));
    expect(refused.message).toBe(
      `${user("nothing")} is not authorized to perform: sqs:sendmessage on resource: ${small.queueArn("q")} ${none} sqs:sendmessage action`,
    );
    expect(refused).toMatchObject({ name: expect.stringMatching(/^AccessDenied/), status: 403 });
  });
});

describe("a permission holds for what it names", () => {
  it("the prefix of a listing", async () => {
    const s3 = new S3Client(as("some"));
    await s3.send(new ListObjectsV2Command({ Bucket: "open", Prefix: "mine/a" }));
    const other = await refusal(s3.send(new ListObjectsV2Command({ Bucket: "open", Prefix: "yours/" })));
    expect(other.message).toContain('s3:ListBucket on resource: "arn:aws:s3:::open"');
  });

  it("both ends of a copy", async () => {
    const copy = new CopyObjectCommand({ Bucket: "open", Key: "a", CopySource: "sealed/b" });
    const refused = await refusal(new S3Client(as("some")).send(copy));
    expect(refused.message).toContain('s3:GetObject on resource: "arn:aws:s3:::sealed/b"');
  });

  it("a function without its versions", async () => {
    const lambda = new LambdaClient(as("some"));
    through.length = 0;
    await lambda.send(new InvokeCommand({ FunctionName: small.functionArn("F") }));
    const refused = await refusal(lambda.send(new InvokeCommand({ FunctionName: "F", Qualifier: "1" })));
    expect(through).toEqual(["lambda POST"]);
    expect(refused.message).toContain(`on resource: ${small.functionArn("F")}:1 because`);
  });

  it("the workgroup that a query was started in", async () => {
    const athena = new AthenaClient(as("some"));
    await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "of-team" }));
    const refused = await refusal(athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "other" })));
    expect(refused.message).toContain("athena:GetQueryExecution on resource");
    expect(refused.message).toContain("workgroup/primary because");
  });

  it("each part of a transaction", async () => {
    const items = [{ Put: { TableName: "t", Item: {} } }, { Delete: { TableName: "u", Key: {} } }];
    const refused = await refusal(
      new DynamoDBClient(as("nothing")).send(new TransactWriteItemsCommand({ TransactItems: items })),
    );
    expect(refused.message).toContain("dynamodb:PutItem on resource");
    expect(refused.message).toContain("table/t because");
  });

  it("keys of objects with stars and line breaks as they are", async () => {
    const s3 = new S3Client(as("some"));
    for (const Key of ["a*b", "line\nbreak", "ü😀"]) {
      await s3.send(new PutObjectCommand({ Bucket: "open", Key, Body: "x" }));
    }
    expect(through).toContain("s3 PUT");
  });

  it("what the boundary leaves of it", async () => {
    const s3 = new S3Client(as("bounded"));
    await s3.send(new HeadObjectCommand({ Bucket: "open", Key: "a" }));
    const refused = await refusal(s3.send(new PutObjectCommand({ Bucket: "open", Key: "a", Body: "x" })));
    expect(refused.message).toContain("because no permissions boundary allows the s3:PutObject action");
  });
});

it("what a resource's policy forbids stays forbidden, in these words", async () => {
  const s3 = new S3Client(as("some"));
  await s3.send(new DeleteObjectCommand({ Bucket: "open", Key: "free/a" }));
  const refused = await refusal(s3.send(new DeleteObjectCommand({ Bucket: "open", Key: "kept/a" })));
  expect(refused.message).toBe(
    `${user("some")} is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::open/kept/a" with an explicit deny in a resource-based policy`,
  );
});

describe("a key that seals what a caller may touch", () => {
  const none = (action: string) =>
    `is not authorized to perform: ${action} on resource: ${KEY} because no identity-based policy allows the ${action} action`;

  it("is asked of S3's callers to read and to write", async () => {
    const s3 = new S3Client(as("keyless"));
    const get = await refusal(s3.send(new GetObjectCommand({ Bucket: "sealed", Key: "a" })));
    const put = await refusal(s3.send(new PutObjectCommand({ Bucket: "sealed", Key: "a", Body: "x" })));
    expect(get).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `${user("keyless")} ${none("kms:Decrypt")}`,
    });
    expect(put.message).toBe(`${user("keyless")} ${none("kms:GenerateDataKey")}`);
  });

  it("is asked of SQS's senders and receivers, by a name of its own", async () => {
    const sqs = new SQSClient(as("keyless"));
    const QueueUrl = small.queueUrl("sealed-q");
    const sent = await refusal(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" })));
    const received = await refusal(sqs.send(new ReceiveMessageCommand({ QueueUrl })));
    expect(sent).toMatchObject({ name: "KmsAccessDenied", status: 400 });
    expect(sent.message).toContain(none("kms:GenerateDataKey"));
    expect(received.message).toContain(none("kms:Decrypt"));
    // The queue beside it has no key.
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: small.queueUrl("q") }));
  });

  it("is asked of SNS's publishers, by a name of its own", async () => {
    const publish = new PublishCommand({ TopicArn: small.topicArn("sealed-t"), Message: "m" });
    const refused = await refusal(new SNSClient(as("keyless")).send(publish));
    expect(refused).toMatchObject({ name: "KMSAccessDeniedException", status: 400 });
    expect(refused.message).toContain(none("kms:GenerateDataKey"));
  });

  it("is asked of DynamoDB's callers", async () => {
    const get = new GetItemCommand({ TableName: "sealed-table", Key: {} });
    const refused = await refusal(new DynamoDBClient(as("keyless")).send(get));
    expect(refused).toMatchObject({ name: "AccessDeniedException", status: 400 });
    expect(refused.message).toContain(
      `KMS key access denied error: ${user("keyless")} ${none("kms:Decrypt")}`,
    );
  });

  it("may be used by way of the named service only", async () => {
    await new S3Client(as("keyed-by-s3")).send(new GetObjectCommand({ Bucket: "sealed", Key: "a" }));
    const send = new SendMessageCommand({ QueueUrl: small.queueUrl("sealed-q"), MessageBody: "m" });
    expect((await refusal(new SQSClient(as("keyed-by-s3")).send(send))).name).toBe("KmsAccessDenied");
  });

  it("may be used for what the permission binds it to", async () => {
    through.length = 0;
    await new S3Client(as("bound-context")).send(
      new PutObjectCommand({ Bucket: "sealed", Key: "a", Body: "x" }),
    );
    expect(through).toEqual(["s3 PUT"]);
  });
});

it("the operator, whose credentials the cloud did not hand out, may do everything", async () => {
  through.length = 0;
  const s3 = new S3Client({ ...as("nothing"), credentials: { accessKeyId: "me", secretAccessKey: "me" } });
  await s3.send(new GetObjectCommand({ Bucket: "sealed", Key: "a" }));
  expect(through).toEqual(["s3 GET"]);
});
