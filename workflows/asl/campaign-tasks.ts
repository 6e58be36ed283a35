import { ErrorNames } from "@penstock/runtime/errors";
import { jsonata } from "./define.ts";
import { lambdaFaults, retryLambda } from "./retries.ts";
import { runId, setAttributes, updateItem } from "./run-record.ts";
import type { Retrier, Template } from "./states.ts";

/** Tables by name. */
export interface CampaignTasksOf {
  readonly productsTable: string;
  readonly runsTable: string;
  /** Lambda's own limit for the tasks, seconds. */
  readonly taskSeconds: number;
  /** Lambda's own limit for the tasks that ask a model, seconds. */
  readonly modelTaskSeconds: number;
}

/** What every task is told: whose product it is stands in the record alone. */
export const ofCampaign = { run_id: jsonata("$run_id"), product_id: jsonata("$product_id") } as const;

/** Seconds that are left of so many since the execution began, and one at least: for what must not outlast the agent. */
export const remaining = (seconds: number) =>
  jsonata(
    `$max([1, $ceil(${seconds} - ($millis() - $toMillis($states.context.Execution.StartTime)) / 1000)])`,
  );

/** A condition of DynamoDB's that does not hold. */
export const notSo = ["DynamoDB.ConditionalCheckFailedException"] as const;

/**
 * How a step ends that a campaign can do without. A task without its rights or its configuration is not among them, for then
 * no campaign would have it and nobody would hear of it.
 */
export const lostStep = [...lambdaFaults, "Runtime.ExitError", "Runtime.OutOfMemory"] as const;

/** The same of one that asks a model. */
export const lostCall = [
  ErrorNames.ModelOutputInvalid,
  ErrorNames.ModelThrottled,
  ErrorNames.ModelBudgetSpent,
  ...lostStep,
] as const;

/** The check of a draft takes the same from the agent and from the synthesis. */
export const checkArguments = (draft: Template, method: Template, fallbackReason: Template) => ({
  ...ofCampaign,
  draft,
  method,
  model: jsonata("$model"),
  fallback_reason: fallbackReason,
  missing: jsonata("$missing"),
});

/** What the states of `campaign` have in common: a function's call, a write into the product's record, the run record. */
export function campaignTasks({ productsTable, runsTable, taskSeconds }: CampaignTasksOf) {
  return {
    invoke: (
      FunctionName: string,
      Payload: Template,
      { seconds = taskSeconds, retry = [retryLambda] }: { seconds?: number; retry?: readonly Retrier[] } = {},
    ) =>
      ({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName, Payload },
        TimeoutSeconds: seconds + 30,
        Retry: retry,
      }) as const,
    /** Only into the record that this execution was started for: it makes none of what was erased. */
    note: (attributes: Parameters<typeof setAttributes>[1]) => {
      const wanted = setAttributes(
        { table: productsTable, name: "product_id", value: jsonata("$product_id") },
        attributes,
      );
      return {
        ...updateItem,
        Arguments: {
          ...wanted,
          ConditionExpression: "correlation_id = :correlation",
          ExpressionAttributeValues: {
            ...wanted.ExpressionAttributeValues,
            ":correlation": { S: jsonata("$run_id") },
          },
        },
      };
    },
    record: (attributes: Parameters<typeof setAttributes>[1]) => ({
      ...updateItem,
      Arguments: setAttributes(
        { table: runsTable, name: "run_id", value: runId },
        {
          workflow: { S: "campaign" },
          execution: { S: jsonata("$states.context.Execution.Id") },
          started_at: { S: jsonata("$states.context.Execution.StartTime") },
          product: { S: jsonata("$product_id") },
          ...attributes,
        },
      ),
    }),
  } as const;
}
