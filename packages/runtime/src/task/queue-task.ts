import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, SQSBatchResponse } from "aws-lambda";
import * as v from "valibot";
import { InvalidInput } from "../errors.ts";
import { metrics } from "../metrics.ts";
import { parseInput } from "./input.ts";
import { named } from "./named.ts";
import { type InputSchema, log, runKeys, type TaskContext, taskContext } from "./task-context.ts";

/** What is read of an event of SQS. */
const QueueEvent = v.object({
  Records: v.array(
    v.object({
      messageId: v.string(),
      body: v.string(),
      attributes: v.object({ ApproximateReceiveCount: v.pipe(v.string(), v.digits()) }),
    }),
  ),
});
type QueueRecord = v.InferOutput<typeof QueueEvent>["Records"][number];

/** What is known of a message besides what it says. */
export interface MessageContext extends TaskContext {
  /** How often the message was received, this time included. After the queue's most it is a dead letter. */
  readonly receives: number;
}

/** What Lambda calls with messages of a queue: the answer names those that are to come again. */
export type QueueTaskHandler = (event: unknown, context: Context) => Promise<SQSBatchResponse>;

/**
 * Makes a Lambda handler of a function that takes one message of a queue. Those of a batch run side by side, each with a log
 * of its own; one that fails, or is none of ours, comes again and takes no other with it. Needs an event source mapping with
 * `ReportBatchItemFailures`: without it the answer means nothing, and a failed message would be deleted.
 */
export function queueTask<Schema extends InputSchema>(
  schema: Schema,
  run: (message: v.InferOutput<Schema>, context: MessageContext) => Promise<void>,
): QueueTaskHandler {
  const handled = async (record: QueueRecord): Promise<boolean> => {
    const own = log.createChild();
    own.appendKeys({ message_id: record.messageId });
    try {
      const message = parseInput(schema, json(record.body));
      own.appendKeys(runKeys(message));
      const receives = Number(record.attributes.ApproximateReceiveCount);
      await run(message, { ...taskContext(own), receives });
      metrics.addMetric("TaskSucceeded", MetricUnit.Count, 1);
      return true;
    } catch (thrown) {
      const error = named(thrown);
      metrics.addMetric("TaskFailed", MetricUnit.Count, 1);
      own.error(error.message, { error_name: error.name, stack: error.stack });
      return false;
    }
  };
  return async (event, context) => {
    log.resetKeys();
    log.addContext(context);
    try {
      const { Records } = parseInput(QueueEvent, event);
      const done = await Promise.all(Records.map(handled));
      return {
        batchItemFailures: Records.flatMap(({ messageId }, place) =>
          done[place] ? [] : [{ itemIdentifier: messageId }],
        ),
      };
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}

/** A message's JSON. What it is instead is not told: it may be a person's. @throws {InvalidInput} */
function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new InvalidInput("the message is no JSON: it is none of ours");
  }
}
