import { onFailure as onFailureDefinition } from "../workflows/on-failure.ts";
import { rawToCurated as rawToCuratedDefinition } from "../workflows/raw-to-curated.ts";
import { reconcile as reconcileDefinition } from "../workflows/reconcile.ts";
import { locks, refineJob, runs } from "./lake.ts";
import { settings } from "./lib/identity.ts";
import { StateMachine } from "./lib/state-machine.ts";
import { dataTopic, deadLetters, operationsTopic } from "./monitoring.ts";
import { quarantine } from "./storage.ts";
import { finishRefine, inspect, planRefine, reconcile as reconcileTask, refine } from "./tasks.ts";

const alarmTopic = operationsTopic.arn;

export const rawToCurated = new StateMachine("RawToCurated", {
  workflow: "raw-to-curated",
  alarmTopic,
  definition: $resolve({
    inspect: inspect.arn,
    refine: refine.arn,
    planRefine: planRefine.arn,
    finishRefine: finishRefine.arn,
    glueJob: refineJob.name,
    runsTable: runs.name,
    dataTopic: dataTopic.arn,
    rejectedAlarm: settings.alarms.rejectedFraction,
    refineSeconds: settings.lambda.timeoutSeconds,
    glueSeconds: settings.glue.timeoutMinutes * 60,
  }).apply(rawToCuratedDefinition),
  grants: [
    {
      state: "QuarantineFile",
      actions: ["s3:PutObject"],
      resources: [$interpolate`${quarantine.arn}/files/*`],
    },
  ],
});

export const reconcile = new StateMachine("ReconcileMachine", {
  workflow: "reconcile",
  alarmTopic,
  definition: $resolve({
    reconcile: reconcileTask.arn,
    runsTable: runs.name,
    locksTable: locks.name,
    dataTopic: dataTopic.arn,
    quietSeconds: settings.reconcile.quietSeconds,
    leaseSeconds: settings.reconcile.leaseSeconds,
    reconcileSeconds: settings.lambda.timeoutSeconds,
  }).apply(reconcileDefinition),
});

export const onFailure = new StateMachine("OnFailure", {
  workflow: "on-failure",
  alarmTopic,
  // Nobody looks after its failures but this alarm: one is too many.
  failedFraction: 0,
  definition: $resolve({
    runsTable: runs.name,
    deadLetterQueue: deadLetters.url,
    operationsTopic: operationsTopic.arn,
  }).apply(onFailureDefinition),
});

/** Every machine whose failed executions `on-failure` looks after; itself it could not. */
export const watched = [rawToCurated, reconcile];
