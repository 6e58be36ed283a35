import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type * as v from "valibot";
import { metrics } from "../metrics.ts";
import { parseInput } from "./input.ts";
import { named } from "./named.ts";
import { type InputSchema, log, runKeys, type TaskContext, taskContext } from "./task-context.ts";

/** What Lambda calls. */
export type TaskHandler<Output> = (event: unknown, context: Context) => Promise<Output>;

/**
 * Makes a Lambda handler of a function of the domain. The event is parsed strictly: a field that is missing, malformed
 * or unknown ends in `InvalidInput` with its path. Every failure comes out under a name of `errors.ts`, logged once,
 * without any value of the data. Clients are built once in a sandbox.
 */
export function task<Schema extends InputSchema, Output>(
  schema: Schema,
  run: (input: v.InferOutput<Schema>, context: TaskContext) => Promise<Output>,
): TaskHandler<Output> {
  return async (event, context) => {
    log.resetKeys();
    log.addContext(context);
    try {
      const input = parseInput(schema, event);
      log.appendKeys(runKeys(input));
      const output = await run(input, taskContext(log));
      metrics.addMetric("TaskSucceeded", MetricUnit.Count, 1);
      return output;
    } catch (thrown) {
      const error = named(thrown);
      metrics.addMetric("TaskFailed", MetricUnit.Count, 1);
      log.error(error.message, { error_name: error.name, stack: error.stack });
      throw error;
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}
