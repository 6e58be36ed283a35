import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { bootCloud, type Cloud } from "../../../packages/local/src/cloud/index.ts";
import { bucketsOf } from "../../../packages/local/src/main-job/run.ts";
import type { ResourceGraph } from "../../../packages/local/src/render/index.ts";
import { clientsOf, execute, nextMessage } from "../clients.ts";
import { root } from "../small-graph.ts";
import { graph, machine, settled } from "./run-everything.ts";
import { without } from "./without.ts";

const ACCOUNT = graph.account;
const buckets = bucketsOf(graph);
const key = String(graph.resources.find(({ name }) => name === "DataKey")?.state.arn);
const named = (name: string) => `${graph.app}-${graph.stage}-${name}`;
const session = (role: string, name: string) =>
  `User: arn:aws:sts::${ACCOUNT}:assumed-role/${named(role)}/${named(name)}`;
const none = (action: string) => `because no identity-based policy allows the ${action} action`;

/** Boots the program without a permission and does something that needs it. */
async function lacking<Answer>(
  program: ResourceGraph,
  act: (cloud: Cloud) => Promise<Answer>,
): Promise<Answer> {
  const cloud = await bootCloud(program, { root });
  try {
    return await act(cloud);
  } finally {
    await cloud.close();
  }
}

const object = "ecommerce/sellers-raw/year=2025/month=01/day=01/some.parquet";
/** Under another prefix than the events' rule looks at; the task is told the table. */
const inspected = object.replace("ecommerce/", "inspected/");

/** What Inspect says of an object, or why it cannot. */
const inspect =
  (present: boolean) =>
  async (cloud: Cloud): Promise<string> => {
    const { s3, lambda } = clientsOf(cloud.endpoint);
    const Key = inspected;
    if (present) await s3.send(new PutObjectCommand({ Bucket: buckets.raw, Key, Body: "not Parquet" }));
    const event = { run_id: "r", bucket: buckets.raw, key: Key, table: "sellers" };
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: named("Inspect"), Payload: JSON.stringify(event) }),
    );
    return Payload?.transformToString() ?? "";
  };

/** How an execution of a machine ends: its error and cause. */
const run =
  (workflow: string, input: object) =>
  async (cloud: Cloud): Promise<string> => {
    const { status, error, cause } = await execute(clientsOf(cloud.endpoint).sfn, machine(workflow), input);
    expect(status).toBe("FAILED");
    return `${error} ${cause}`;
  };

/** An event of a failed execution, as `on-failure` takes it. */
const failure = {
  source: "aws.states",
  "detail-type": "Step Functions Execution Status Change",
  time: "2026-01-01T00:00:00Z",
  detail: {
    executionArn: `${machine("reconcile").replace("stateMachine", "execution")}:lost`,
    stateMachineArn: machine("reconcile"),
    name: "lost",
    status: "FAILED",
    startDate: 1,
    stopDate: 2,
    input: "{}",
    error: "Lost",
    cause: "by design",
  },
};

const at = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;

it.each([
  {
    of: "Inspect",
    action: "s3:GetObject",
    act: inspect(true),
    // It asks for the object's facts first, and the answer to that has no words.
    says: [`"errorType":"AccessDenied"`, `s3://${buckets.raw}/inspected/`],
  },
  {
    of: "Inspect",
    action: "kms:Decrypt",
    act: inspect(true),
    says: [`is not authorized to perform: kms:Decrypt on resource: ${key} ${none("kms:Decrypt")}`],
  },
  {
    of: "RawToCurated",
    action: "lambda:InvokeFunction",
    act: run("raw-to-curated", { bucket: buckets.raw, key: object }),
    says: [
      "Lambda.AWSLambdaException",
      `${session("raw-to-curated-machine", "raw-to-curated")} is not authorized to perform: lambda:InvokeFunction on resource: ${at("lambda", `function:${named("Inspect")}`)} ${none("lambda:InvokeFunction")}`,
    ],
  },
  {
    of: "RawToCurated",
    action: "s3:PutObject",
    act: async (cloud: Cloud) => {
      await inspect(true)(cloud);
      return run("raw-to-curated", { bucket: buckets.raw, key: inspected, table: "sellers" })(cloud);
    },
    says: [
      "S3.",
      `is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${buckets.quarantine}/files/`,
      none("s3:PutObject"),
    ],
  },
  {
    of: "ReconcileMachine",
    action: "dynamodb:UpdateItem",
    act: run("reconcile", {}),
    says: [
      "DynamoDB.AmazonDynamoDBException",
      `is not authorized to perform: dynamodb:UpdateItem on resource: ${at("dynamodb", "table/")}`,
    ],
  },
  {
    of: "OnFailure",
    action: "sqs:SendMessage",
    act: run("on-failure", failure),
    says: [
      "SQS.AmazonSQSException",
      `is not authorized to perform: sqs:sendmessage on resource: ${at("sqs", named("dead-letters"))} ${none("sqs:sendmessage")}`,
    ],
  },
  {
    of: "OnFailure",
    action: "kms:GenerateDataKey",
    act: run("on-failure", failure),
    says: [
      "SQS.KmsAccessDeniedException",
      `is not authorized to perform: kms:GenerateDataKey on resource: ${key} ${none("kms:GenerateDataKey")}`,
    ],
  },
  {
    of: "OnFailure",
    action: "sns:Publish",
    act: run("on-failure", failure),
    says: [
      "SNS.AuthorizationErrorException",
      `is not authorized to perform: SNS:Publish on resource: ${at("sns", named("operations"))} ${none("SNS:Publish")}`,
    ],
  },
])("without $action, $of is refused", async ({ of, action, act, says }) => {
  const said = await lacking(without(graph, `${of}Role`, action), act);

  for (const part of says) expect(said).toContain(part);
});

it("without s3:ListBucket an object that is missing is forbidden, not missing", async () => {
  const missing = await lacking(graph, inspect(false));
  const forbidden = await lacking(without(graph, "InspectRole", "s3:ListBucket"), inspect(false));

  expect(missing).toContain("ObjectMissing");
  expect(forbidden).not.toContain("ObjectMissing");
});

it("a key whose own policy does not let the account's policies decide refuses in its own name", async () => {
  const said = await lacking(without(graph, "DataKey", "kms:Decrypt"), inspect(true));

  expect(said).toContain(
    `kms:Decrypt on resource: ${key} because no resource-based policy allows the kms:Decrypt action`,
  );
});

it("a rule whose role may not start its machine leaves the event in the dead-letter queue, with the reason", async () => {
  const { MessageAttributes } = await lacking(
    without(graph, "RawObjectCreatedRuleRole", "states:StartExecution"),
    async (cloud) => {
      const { s3, sqs } = clientsOf(cloud.endpoint);
      await s3.send(new PutObjectCommand({ Bucket: buckets.raw, Key: object, Body: "x" }));
      return nextMessage(sqs, String(graph.outputs.undelivered));
    },
  );

  expect(MessageAttributes?.ERROR_CODE?.StringValue).toBe("AccessDeniedException");
  expect(MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain("states:StartExecution on resource");
});

it.each([
  {
    what: "a queue that does not admit EventBridge",
    of: "UndeliveredPolicy",
    action: "sqs:SendMessage",
    says: "User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource",
  },
  {
    what: "a key that does not admit EventBridge",
    of: "DataKey",
    action: "kms:GenerateDataKey",
    says: `User: events.amazonaws.com is not authorized to perform: kms:GenerateDataKey on resource: ${key} because no resource-based policy allows`,
  },
])("$what loses what could not be delivered", async ({ of, action, says }) => {
  const program = without(without(graph, "RawObjectCreatedRuleRole", "states:StartExecution"), of, action);
  const lost = await lacking(program, async (cloud) => {
    const reasons: string[] = [];
    cloud.on("lost", ({ reason }) => void reasons.push(reason));
    await clientsOf(cloud.endpoint).s3.send(
      // The operator's own writing asks nothing of the key.
      new PutObjectCommand({ Bucket: buckets.raw, Key: object, Body: "x" }),
    );
    await settled(cloud);
    return reasons;
  });

  expect(lost).toEqual([expect.stringContaining(says)]);
});

it("a function that API Gateway may not invoke answers 500 to everyone who has a token", async () => {
  const program = {
    ...graph,
    resources: graph.resources.filter(({ type }) => type !== "aws:lambda/permission:Permission"),
  };
  const status = await lacking(program, async (cloud) => {
    const answer = await fetch(`${cloud.httpApis.apis.HttpApi}/openapi.json`);
    return answer.status;
  });

  expect(status).toBe(500);
});

it("nothing starts in the names of roles that the program does not have", async () => {
  const program = {
    ...graph,
    resources: graph.resources.filter(({ name }) => name !== "ReconcileMachineRole"),
  };
  const said = await lacking(program, async (cloud) => {
    const { sfn } = clientsOf(cloud.endpoint);
    await sfn.send(new StartExecutionCommand({ stateMachineArn: machine("reconcile"), name: "one" }));
    return run("reconcile", {})(cloud);
  });

  expect(said).toContain(none("dynamodb:UpdateItem"));
});
