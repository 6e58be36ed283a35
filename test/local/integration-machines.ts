import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, execute } from "./clients.ts";
import * as graph from "./small-graph.ts";

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

/** A cloud with a machine for each integration, and what they work on. */
export async function openIntegrations() {
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
  const cloud = await bootCloud(graph.graphOf(resources, functions), { root: graph.root });
  const clients = clientsOf(cloud.endpoint);
  return {
    cloud,
    clients,
    /** Runs a machine to its end: its task has the input as its arguments. */
    run: (machine: keyof typeof machines | (string & {}), input: unknown) =>
      execute(clients.sfn, graph.machineArn(machine), input),
  };
}

export type Integrations = Awaited<ReturnType<typeof openIntegrations>>;
