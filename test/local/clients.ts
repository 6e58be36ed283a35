import { AthenaClient } from "@aws-sdk/client-athena";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GlueClient } from "@aws-sdk/client-glue";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

/** The real SDK clients with nothing but an endpoint URL. */
export function clientsOf(endpoint: string) {
  const options = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  };
  return {
    athena: new AthenaClient(options),
    dynamodb: new DynamoDBClient(options),
    events: new EventBridgeClient(options),
    glue: new GlueClient(options),
    kinesis: new KinesisClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client(options),
    sfn: new SFNClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    sts: new STSClient(options),
  };
}

/** Asks until there is an answer; the test's own timeout bounds it. */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts an execution and waits for its end. */
export async function execute(sfn: SFNClient, stateMachineArn: string, input: unknown = {}) {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  const ended = await eventually(async () => {
    const description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return description.status === "RUNNING" ? undefined : description;
  });
  return { ...ended, result: ended.output === undefined ? undefined : JSON.parse(ended.output) };
}

/** The next message of a queue, its body parsed. */
export async function nextMessage(sqs: SQSClient, QueueUrl: string) {
  const message = await eventually(async () => {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ["All"],
    });
    return (await sqs.send(command)).Messages?.[0];
  });
  return { ...message, body: JSON.parse(message.Body ?? "null") };
}

/** Every message that is in a queue now, bodies parsed. */
export async function messagesNow(sqs: SQSClient, QueueUrl: string): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body }) => JSON.parse(Body ?? "null")));
  }
}
