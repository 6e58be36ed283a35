import { ErrorNames } from "@penstock/runtime/errors";
import { jsonata } from "./define.ts";
import { retryLambda, retrySns } from "./retries.ts";
import { runId, setAttributes, updateItem } from "./run-record.ts";
import type { Template } from "./states.ts";

/** Tables by name, topics by ARN. */
export interface DnaTasksOf {
  readonly runsTable: string;
  /** Hears of files that were not read as they should, or are suspicious. */
  readonly dataTopic: string;
  /** Hears of personas whose model does not answer. */
  readonly operationsTopic: string;
  /** Lambda's own limit for the tasks that read and write, seconds. */
  readonly taskSeconds: number;
  /** Lambda's own limit for the tasks that ask a model, seconds. */
  readonly modelTaskSeconds: number;
}

/** What every task is told. */
export const ofPerson = { run_id: jsonata("$run_id"), user: jsonata("$user") } as const;

/** The person is not registered any more: nobody's fault, and nothing is left to do. */
export const personGone = { ErrorEquals: [ErrorNames.PersonGone] } as const;

/**
 * How a call of the model ends that says nothing about the others: its part of the work is reported as failed, also where the
 * model does not take just this request. A task without its rights or its configuration is not among them, for it is no
 * file's fault.
 */
export const lostCall = [
  ErrorNames.ModelOutputInvalid,
  ErrorNames.ModelThrottled,
  ErrorNames.ModelBudgetSpent,
  ErrorNames.UpstreamUnavailable,
  ErrorNames.Throttled,
  ErrorNames.Unexpected,
  "States.Timeout",
  "Sandbox.Timedout",
  "Runtime.ExitError",
  "Runtime.OutOfMemory",
  "Lambda.Unknown",
] as const;

/** What the states of `digital-dna` have in common: a function's call, a notice, the run record. */
export function dnaTasks({ runsTable, taskSeconds }: DnaTasksOf) {
  return {
    invoke: (FunctionName: string, Payload: Template, seconds = taskSeconds) =>
      ({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName, Payload },
        TimeoutSeconds: seconds + 30,
        Retry: [retryLambda],
      }) as const,
    /** `message` is JSONata, members of an object: names, codes and numbers, never what a file says. */
    notify: (TopicArn: string, subject: string, message: string) =>
      ({
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn,
          Subject: `Penstock: ${subject}`,
          Message: jsonata(`$string({ 'run_id': $run_id, 'user': $user, ${message} })`),
        },
        TimeoutSeconds: 30,
        Retry: [retrySns],
      }) as const,
    /** The run record. It outlives the person's data, and so has the id in it and no name of a file. */
    record: (attributes: Parameters<typeof setAttributes>[1]) => ({
      ...updateItem,
      Arguments: setAttributes(
        { table: runsTable, name: "run_id", value: runId },
        {
          workflow: { S: "digital-dna" },
          execution: { S: jsonata("$states.context.Execution.Id") },
          started_at: { S: jsonata("$states.context.Execution.StartTime") },
          user: { S: jsonata("$user") },
          ...attributes,
        },
      ),
    }),
  } as const;
}
