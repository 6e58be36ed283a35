import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type * as v from "valibot";
import { clients } from "../aws/clients.ts";
import { dynamoLeases } from "../leases/dynamo.ts";
import type { Leases } from "../leases/leases.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { s3ObjectStore } from "../store/s3.ts";
import { parseInput } from "./input.ts";
import { named } from "./named.ts";

/** What a task is given besides its input: everything that reaches out of the process, so that tests can pass their own. */
export interface TaskContext {
  readonly store: ObjectStore;
  /** Leases in the table of that name. */
  readonly locks: (table: string) => Leases;
  /** Already carries `run_id` and `table` of the input. Log counts, names and URIs; never a value of a row. */
  readonly log: Logger;
  /** EMF, namespace `Penstock`; published when the task ends, whichever way. */
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** What Lambda calls. */
export type TaskHandler<Output> = (event: unknown, context: Context) => Promise<Output>;

/** Objects of which unknown fields are refused; a task's input is one. */
export type InputSchema = v.StrictObjectSchema<
  v.ObjectEntries,
  v.ErrorMessage<v.StrictObjectIssue> | undefined
>;

/** Powertools reads level and service from its own environment variables, which the deployment sets. */
const log = new Logger({ serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "penstock" });
const metrics = new Metrics({
  namespace: "Penstock",
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "penstock",
});

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
      const output = await run(input, {
        store: s3ObjectStore(clients.s3),
        locks: (table) => dynamoLeases(clients.dynamo, table),
        log,
        metrics,
        now: () => new Date(),
      });
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

/** Members of an input that its log lines carry: ids and names, never contents. */
const loggedKeys: readonly string[] = [
  "run_id",
  "table",
  "user",
  "file",
  "stage",
  "product_id",
  "correlation_id",
  "request_id",
  "market",
];

/** The keys by which a run's log lines are found. */
function runKeys(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).filter(
      (entry): entry is [string, string] => loggedKeys.includes(entry[0]) && typeof entry[1] === "string",
    ),
  );
}
