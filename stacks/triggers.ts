import { keyThrough } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import { type Grant, roleFor } from "./lib/policy.ts";
import type { StateMachine } from "./lib/state-machine.ts";
import { undelivered } from "./monitoring.ts";
import { curated, dnaData, raw } from "./storage.ts";
import {
  curatedToProd,
  digitalDna,
  featurePipeline,
  onFailure,
  rawToCurated,
  reconcile,
  watched,
} from "./workflows.ts";

/** Deliveries are tried for a day; then the event lies in the queue `undelivered`. */
const retryPolicy = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

const start = (machine: StateMachine): Grant => ({
  actions: ["states:StartExecution"],
  resources: [machine.arn],
});

/** Starts a machine on every event that matches, by a role that can do nothing else. */
function startOn(
  name: string,
  physicalName: string,
  description: string,
  pattern: object,
  machine: StateMachine,
) {
  const rule = new aws.cloudwatch.EventRule(`${name}Rule`, {
    name: named(physicalName),
    description,
    eventPattern: $jsonStringify(pattern),
  });
  const role = roleFor(`${name}RuleRole`, "events", {
    account,
    source: rule.arn,
    physicalName: named(`${physicalName}-rule`),
    grants: [start(machine)],
  });
  new aws.cloudwatch.EventTarget(`${name}Target`, {
    rule: rule.name,
    targetId: "machine",
    arn: machine.arn,
    roleArn: role.arn,
    retryPolicy,
    deadLetterConfig: { arn: undelivered.arn },
  });
}

startOn(
  "RawObjectCreated",
  "raw-object-created",
  "A raw export has arrived",
  {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [raw.name] },
      object: { key: [{ wildcard: "ecommerce/*-raw/*" }] },
    },
  },
  rawToCurated,
);

startOn(
  "CuratedObjectCreated",
  "curated-object-created",
  "Curated rows have arrived: others may have waited for them",
  {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [curated.name] }, object: { key: [{ prefix: "ecommerce/" }] } },
  },
  reconcile,
);

startOn(
  "CuratedObjectToProd",
  "curated-object-to-prod",
  "Curated rows have arrived: they are to be in the marts",
  {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [curated.name] }, object: { key: [{ prefix: "ecommerce/" }] } },
  },
  curatedToProd,
);

startOn(
  "PersonObjectCreated",
  "person-object-created",
  "A person's export has arrived, or what one tells",
  {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [dnaData.name] },
      object: { key: [{ wildcard: "*/stage1/*" }, { wildcard: "*/stage2/*" }] },
    },
  },
  digitalDna,
);

startOn(
  "ExecutionFailed",
  "execution-failed",
  "An execution of one of our machines did not succeed",
  {
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: {
      status: ["FAILED", "TIMED_OUT", "ABORTED"],
      stateMachineArn: watched.map((machine) => machine.arn),
    },
  },
  onFailure,
);

/** Starts a machine at its times, and tells it which time it is, by a role that can do nothing else. */
function startAt(
  name: string,
  physicalName: string,
  description: string,
  schedule: string,
  machine: StateMachine,
  input: Readonly<Record<string, string>> = {},
) {
  new aws.scheduler.Schedule(name, {
    name: named(physicalName),
    description,
    scheduleExpression: schedule,
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: machine.arn,
      roleArn: roleFor(`${name}Role`, "scheduler", {
        account,
        source: arn("scheduler", "schedule-group/default"),
        physicalName: named(physicalName),
        grants: [
          start(machine),
          { actions: ["sqs:SendMessage"], resources: [undelivered.arn] },
          keyThrough("sqs"),
        ],
      }).arn,
      input: JSON.stringify({ ...input, scheduled_at: "<aws.scheduler.scheduled-time>" }),
      retryPolicy,
      deadLetterConfig: { arn: undelivered.arn },
    },
  });
}

startAt(
  "ReconcileDaily",
  "reconcile-daily",
  "A pass whether or not anything arrived: rows that waited too long are noticed",
  settings.reconcile.schedule,
  reconcile,
);

startAt(
  "CuratedToProdDaily",
  "curated-to-prod-daily",
  "A build whether or not anything arrived: what a build that failed has missed is made up for",
  settings.prod.schedule,
  curatedToProd,
);

startAt(
  "FeaturesDaily",
  "feature-pipeline-daily",
  "Features of the day before",
  settings.features.dailySchedule,
  featurePipeline,
  { mode: "daily" },
);

startAt(
  "FeaturesWeekly",
  "feature-pipeline-weekly",
  "Features of all days, split for training",
  settings.features.weeklySchedule,
  featurePipeline,
  { mode: "weekly" },
);
