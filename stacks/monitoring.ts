import { key } from "./encryption.ts";
import { alarm, ownMetric } from "./lib/alarm.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import { type Sender, sealedQueue } from "./lib/queue.ts";

function topic(name: string, physicalName: string): aws.sns.Topic {
  const created = new aws.sns.Topic(name, {
    name: named(physicalName),
    kmsMasterKeyId: key.id,
  });
  new aws.sns.TopicPolicy(`${name}Policy`, {
    arn: created.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          sid: "AlarmsOfThisAccount",
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
          actions: ["sns:Publish"],
          resources: [created.arn],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
            { test: "ArnLike", variable: "aws:SourceArn", values: [arn("cloudwatch", "alarm:*")] },
          ],
        },
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["sns:Publish"],
          resources: [created.arn],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    }).json,
  });
  return created;
}

/** Hears of rejected rows and refused files. */
export const dataTopic = topic("DataEngineering", "data-engineering");

/** Hears of failed executions, dead letters and alarms. */
export const operationsTopic = topic("Operations", "operations");

/** A queue of what could not be done, whose first message raises an alarm. */
export function deadLetterQueue(
  name: string,
  physicalName: string,
  senders: readonly Sender[] = [],
): aws.sqs.Queue {
  const created = sealedQueue(name, { physicalName, visibilitySeconds: 120, senders });
  alarm(`${name}Alarm`, {
    physicalName: `${physicalName}-not-empty`,
    description: `${physicalName} holds messages: see docs/operations.md, "Dead letters"`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: created.name },
    statistic: "Maximum",
    period: 60,
    threshold: 0,
    topic: operationsTopic.arn,
  });
  return created;
}

/** Executions that failed, with their input: `npx penstock redrive` takes them from here. */
export const deadLetters = deadLetterQueue("DeadLetters", "dead-letters");

/** Events that a rule or a schedule could not deliver to its machine in all its tries. */
export const undelivered = deadLetterQueue("Undelivered", "undelivered", [
  {
    sid: "RulesOfThisApp",
    service: "events.amazonaws.com",
    conditions: [
      { test: "ArnLike", variable: "aws:SourceArn", values: [arn("events", `rule/${named("*")}`)] },
    ],
  },
]);

alarm("RejectedRowsAlarm", {
  physicalName: "rejected-rows",
  description: `More than ${settings.alarms.rejectedFraction * 100} % of a file's rows were rejected`,
  ...ownMetric("RejectedFraction"),
  statistic: "Maximum",
  period: 300,
  threshold: settings.alarms.rejectedFraction,
  topic: dataTopic.arn,
});
