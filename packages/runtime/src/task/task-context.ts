import { Logger } from "@aws-lambda-powertools/logger";
import type { Metrics } from "@aws-lambda-powertools/metrics";
import type * as v from "valibot";
import { clients } from "../aws/clients.ts";
import { dynamoLeases } from "../leases/dynamo.ts";
import type { Leases } from "../leases/leases.ts";
import { metrics } from "../metrics.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { s3ObjectStore } from "../store/s3.ts";

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

/** Objects of which unknown fields are refused; a task's input is one. */
export type InputSchema = v.StrictObjectSchema<
  v.ObjectEntries,
  v.ErrorMessage<v.StrictObjectIssue> | undefined
>;

/** Powertools reads level and service from its own environment variables, which the deployment sets. */
export const log = new Logger({ serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "penstock" });

/** The context of a task that logs to `log`. Clients are built once in a sandbox. */
export function taskContext(log: Logger): TaskContext {
  return {
    store: s3ObjectStore(clients.s3),
    locks: (table) => dynamoLeases(clients.dynamo, table),
    log,
    metrics,
    now: () => new Date(),
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
export function runKeys(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).filter(
      (entry): entry is [string, string] => loggedKeys.includes(entry[0]) && typeof entry[1] === "string",
    ),
  );
}
