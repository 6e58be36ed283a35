import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { graph, resource, roles } from "./rendered.ts";

const undelivered = resource(graph, "Undelivered").state.arn;
const machine = (name: string) => String(resource(graph, name).state.arn);

const Delivery = v.object({
  arn: v.string(),
  roleArn: v.string(),
  retryPolicy: v.strictObject({ maximumEventAgeInSeconds: v.number(), maximumRetryAttempts: v.number() }),
  deadLetterConfig: v.strictObject({ arn: v.string() }),
});

const targets = resourcesOf(graph, "aws:cloudwatch/eventTarget:EventTarget").map(({ name, inputs }) => ({
  name,
  delivery: v.parse(Delivery, inputs),
}));
const schedules = resourcesOf(graph, "aws:scheduler/schedule:Schedule").map(({ name, inputs }) => ({
  name,
  delivery: v.parse(Delivery, inputs.target),
}));

describe.each([...targets, ...schedules])("$name", ({ delivery }) => {
  it("is tried for a day, and then lies in the queue of what could not be delivered", () => {
    expect(delivery.retryPolicy).toEqual({ maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 });
    expect(delivery.deadLetterConfig.arn).toBe(undelivered);
  });

  it("starts its machine by a role that can start no other", () => {
    const name = delivery.roleArn.split("/").at(-1);
    const role = roles(graph).find((each) => resource(graph, each.name).id === name);
    const starts = role?.grants.filter(({ Action }) => Action.includes("states:StartExecution"));

    expect(starts).toEqual([
      { Effect: "Allow", Action: ["states:StartExecution"], Resource: [delivery.arn] },
    ]);
    const others = role?.grants.filter(({ Action }) => !Action.includes("states:StartExecution")) ?? [];
    // EventBridge puts dead letters by the queue's policy, the scheduler by its role.
    const allowed = schedules.some((each) => each.delivery === delivery) ? ["kms", "sqs"] : [];
    expect(
      [...new Set(others.flatMap(({ Action }) => Action.map((action) => action.split(":")[0])))].sort(),
    ).toEqual(allowed);
  });
});

it("every rule has one target, and every target a rule", () => {
  const rules = resourcesOf(graph, "aws:cloudwatch/eventRule:EventRule").map(({ inputs }) => inputs.name);
  const aimed = resourcesOf(graph, "aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => inputs.rule);
  expect(aimed.sort()).toEqual(rules.sort());
});

it("raw objects start raw-to-curated, curated objects and the clock start reconcile and curated-to-prod", () => {
  const pattern = (name: string) => JSON.parse(String(resource(graph, name).inputs.eventPattern));

  expect(pattern("RawObjectCreatedRule")).toEqual({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [resource(graph, "RawBucket").id] },
      object: { key: [{ wildcard: "ecommerce/*-raw/*" }] },
    },
  });
  expect(resource(graph, "RawObjectCreatedTarget").inputs.arn).toBe(machine("RawToCurated"));
  expect(pattern("CuratedObjectCreatedRule").detail).toEqual({
    bucket: { name: [resource(graph, "CuratedBucket").id] },
    object: { key: [{ prefix: "ecommerce/" }] },
  });
  expect(resource(graph, "CuratedObjectCreatedTarget").inputs.arn).toBe(machine("ReconcileMachine"));
  expect(pattern("CuratedObjectToProdRule")).toEqual(pattern("CuratedObjectCreatedRule"));
  expect(resource(graph, "CuratedObjectToProdTarget").inputs.arn).toBe(machine("CuratedToProd"));
  expect(resource(graph, "CuratedToProdDaily").inputs.target).toMatchObject({
    arn: machine("CuratedToProd"),
  });
  expect(resource(graph, "ReconcileDaily").inputs.target).toMatchObject({
    arn: machine("ReconcileMachine"),
    input: '{"scheduled_at":"<aws.scheduler.scheduled-time>"}',
  });
});

it("the clock starts the feature pipeline every day and every week, and tells it which time it is", () => {
  const input = (name: string) => {
    const { target } = resource(graph, name).inputs;
    expect(target).toMatchObject({ arn: machine("FeaturePipeline") });
    return JSON.parse(v.parse(v.object({ input: v.string() }), target).input);
  };

  const scheduled_at = "<aws.scheduler.scheduled-time>";
  expect(input("FeaturesDaily")).toEqual({ mode: "daily", scheduled_at });
  expect(input("FeaturesWeekly")).toEqual({ mode: "weekly", scheduled_at });
  expect(resource(graph, "FeaturesDaily").inputs.scheduleExpression).toBe("cron(0 5 * * ? *)");
  expect(resource(graph, "FeaturesWeekly").inputs.scheduleExpression).toBe("cron(0 7 ? * SUN *)");
});

it("every machine's failures start on-failure, except its own", () => {
  const all = resourcesOf(graph, "aws:sfn/stateMachine:StateMachine").map(({ id }) => id);
  const { detail } = JSON.parse(String(resource(graph, "ExecutionFailedRule").inputs.eventPattern));

  expect(detail.status).toEqual(["FAILED", "TIMED_OUT", "ABORTED"]);
  expect(detail.stateMachineArn.sort()).toEqual(all.filter((arn) => arn !== machine("OnFailure")).sort());
  expect(resource(graph, "ExecutionFailedTarget").inputs.arn).toBe(machine("OnFailure"));
});

it("each queue of what was not done raises an alarm with its first message, and keeps messages as long as SQS does", () => {
  const queues = resourcesOf(graph, "aws:sqs/queue:Queue").filter(({ name }) => name !== "ImageRequests");
  expect(queues.map(({ name }) => name)).toEqual(["DeadLetters", "ImageRequestsDead", "Undelivered"]);
  for (const { name, inputs } of queues) {
    expect(inputs.messageRetentionSeconds).toBe(14 * 86_400);
    expect(resource(graph, `${name}Alarm`).inputs).toMatchObject({
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: inputs.name },
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      alarmActions: [resource(graph, "Operations").state.arn],
    });
  }
});

it("an alarm is raised when Firehose puts interactions aside, for too many days at once or whatever else", () => {
  const stream = { DeliveryStreamName: "penstock-local-interactions" };
  const { id: bucket } = resource(graph, "InteractionsDataBucket");
  const operations = { alarmActions: [resource(graph, "Operations").state.arn], threshold: 0 };
  const filter = resource(graph, "UndeliverableInteractions").inputs;
  expect(filter).toMatchObject({ bucket, filter: { prefix: "undeliverable/" } });
  expect(resource(graph, "InteractionPartitionsAlarm").inputs).toMatchObject({
    ...operations,
    namespace: "AWS/Firehose",
    metricName: "PartitionCountExceeded",
    dimensions: stream,
  });
  expect(resource(graph, "UndeliverableInteractionsAlarm").inputs).toMatchObject({
    ...operations,
    namespace: "AWS/S3",
    metricName: "PutRequests",
    dimensions: { BucketName: bucket, FilterId: filter.name },
  });
});

it("an alarm is raised over 10 % of rejected rows, 5 % of failed executions, half an hour of one", () => {
  const threshold = (name: string) => resource(graph, name).inputs.threshold;
  expect(resource(graph, "RejectedRowsAlarm").inputs).toMatchObject({
    namespace: "Penstock",
    metricName: "RejectedFraction",
    dimensions: { service: graph.functions[0]?.environment.POWERTOOLS_SERVICE_NAME },
    threshold: 0.1,
  });
  expect(threshold("RawToCuratedFailedAlarm")).toBe(0.05);
  expect(threshold("RawToCuratedSlowAlarm")).toBe(30 * 60_000);
  expect(threshold("CuratedToProdSlowAlarm"), "it waits for windows, crawls and other executions").toBe(
    240 * 60_000,
  );
  expect(threshold("OnFailureFailedAlarm"), "nobody else looks after it").toBe(0);
});
