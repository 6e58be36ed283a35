import { jsonata } from "./define.ts";
import { retryLambda, retrySns } from "./retries.ts";
import { runLock } from "./run-lock.ts";
import { runId, setAttributes, updateItem } from "./run-record.ts";
import type { Template } from "./states.ts";

/** Tables by name, the topic by ARN. */
export interface FeatureTasksOf {
  readonly runsTable: string;
  readonly locksTable: string;
  readonly dataTopic: string;
  /** Limit of an execution, seconds; a lock that nobody gives back holds no longer. */
  readonly runSeconds: number;
  /** Lambda's own limit for the tasks, seconds. */
  readonly taskSeconds: number;
}

/** What the tasks after Plan are given: where it wrote what is to be done. */
export const ofRun = { plan: jsonata("$run.plan") } as const;

/**
 * What must not be done twice at once. A validation is not the run itself, and a run with another destination, or
 * with none, leaves out what this one was asked for: each has a lock of its own. Reads `$run` and `$given`.
 */
export const runLockName = jsonata(
  [
    "$states.context.StateMachine.Name & '/' & $run.run_id",
    "($run.validate_only ? '/validate-only' : '')",
    "($exists($given.output_path) ? '/to-' & $substring($hash($given.output_path, 'SHA-256'), 0, 16) : '')",
  ].join(" & "),
);

/** A number as an attribute of DynamoDB. */
export const counted = (expression: string) => ({ N: jsonata(`$string(${expression})`) });

/** What the states of `feature-pipeline` have in common: a function's call, a notice, the run record, the run's lock. */
export function featureTasks({ runsTable, locksTable, dataTopic, runSeconds, taskSeconds }: FeatureTasksOf) {
  return {
    lock: runLock({
      table: locksTable,
      name: runLockName,
      seconds: runSeconds,
    }),
    invoke: (FunctionName: string, Payload: Template) =>
      ({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName, Payload },
        TimeoutSeconds: taskSeconds + 30,
        Retry: [retryLambda],
      }) as const,
    /** Tells data engineering; `message` is JSONata, members of an object. */
    notify: (subject: string, message: string) =>
      ({
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn: dataTopic,
          Subject: `Penstock: ${subject}`,
          Message: jsonata(`$string({ 'run_id': $run.run_id, 'attempt': $run.attempt, ${message} })`),
        },
        TimeoutSeconds: 30,
        Retry: [retrySns],
      }) as const,
    record: (attributes: Parameters<typeof setAttributes>[1]) => ({
      ...updateItem,
      Arguments: setAttributes({ table: runsTable, name: "run_id", value: runId }, attributes),
    }),
  } as const;
}
