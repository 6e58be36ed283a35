import { DescribeExecutionCommand, paginateListExecutions } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, paginateListQueues } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { type Check, check } from "./balance.ts";
import type { Run } from "./run.ts";

/** One execution as the Step Functions API describes it. */
export interface ExecutionFacts {
  workflow: string;
  name: string;
  status: string;
  /** The raw object that started it; undefined for the other workflows. */
  key: string | undefined;
  /** Milliseconds since 1970. */
  started: number;
  ended: number;
  /** What it ended with, as JSON text. */
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
}

const FromEvent = v.object({ detail: v.object({ object: v.object({ key: v.string() }) }) });

/** All executions of the program's machines, read over the API as anyone would. */
export async function listExecutions(run: Run): Promise<ExecutionFacts[]> {
  const facts: ExecutionFacts[] = [];
  for (const [workflow, stateMachineArn] of run.machines) {
    for await (const page of paginateListExecutions({ client: run.stepFunctions }, { stateMachineArn })) {
      for (const { executionArn, name = "", status = "" } of page.executions ?? []) {
        run.signal.throwIfAborted();
        const described = await run.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        const { startDate, stopDate, input, output, error, cause } = described;
        const event = v.safeParse(FromEvent, input === undefined ? undefined : JSON.parse(input));
        facts.push({
          workflow,
          name,
          status,
          key: workflow === "raw-to-curated" && event.success ? event.output.detail.object.key : undefined,
          started: startDate?.getTime() ?? 0,
          ended: stopDate?.getTime() ?? 0,
          output,
          error,
          cause,
        });
      }
    }
  }
  return facts;
}

/**
 * Every execution must have succeeded, a refused file's too. An execution of the failure tail is the trace of another
 * that failed; it is a fault of its own only where that other one is not to be seen, after a redrive.
 */
export function executionsEnded(executions: readonly ExecutionFacts[]): Check {
  const failed = executions.filter(({ status }) => status !== "SUCCEEDED");
  const tail = executions.filter(({ workflow }) => workflow === "on-failure");
  const faults = (failed.length > 0 ? failed : tail).map(
    ({ workflow, name, status, key, error, cause }) =>
      `${workflow} ${key ?? name} ${status} ${[error, cause].filter((text) => text !== undefined).join(": ")}`,
  );
  return check("executions", faults, `all ${executions.length} succeeded`);
}

/** How many executions each raw object started that ended well. */
export function executionsByObject(executions: readonly ExecutionFacts[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, status } of executions) {
    if (key !== undefined && status === "SUCCEEDED") counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Every queue of the program must be empty: each holds what could not be done or delivered. */
export async function queuesEmpty(run: Run): Promise<Check> {
  const full: string[] = [];
  let queues = 0;
  for await (const page of paginateListQueues({ client: run.queues }, {})) {
    for (const QueueUrl of page.QueueUrls ?? []) {
      queues++;
      const AttributeNames = ["ApproximateNumberOfMessages" as const];
      const { Attributes } = await run.queues.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames }),
      );
      const messages = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
      if (messages > 0) full.push(`${QueueUrl.split("/").at(-1)} holds ${messages} messages`);
    }
  }
  return check("dead letters", full, `none in ${queues} queues`);
}
