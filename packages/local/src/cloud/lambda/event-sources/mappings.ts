import type { ResourceGraph } from "../../../render/graph.ts";
import type { AwsClients } from "../../aws-clients.ts";
import { queueUrl } from "../../events/deliver.ts";
import {
  eventSourceMappings,
  UnsupportedMapping,
  type WantedMapping,
} from "../../program/event-source-mappings.ts";
import type { Functions } from "../lambda-service.ts";
import type { LocalFunction } from "../local-function.ts";
import { SqsPoller } from "./sqs-poller.ts";

/** The program's mappings while they feed functions. */
export interface Mappings {
  /** Batches that are with a function. What comes again because it failed is not counted until it comes. */
  readonly working: number;
  close(): void;
}

/**
 * Feeds functions from queues as the program's mappings say. As Lambda does when a mapping is made, it looks at the queue in the
 * function's role first, and refuses one that hides its messages for a shorter time than the function may take.
 * @throws {UnsupportedMapping}
 */
export async function openMappings(
  graph: ResourceGraph,
  sides: {
    readonly clients: AwsClients;
    readonly functions: Functions;
    readonly onTrouble: (mapping: WantedMapping, reason: string) => void;
  },
): Promise<Mappings> {
  const { clients, functions, onTrouble } = sides;
  const pollers: SqsPoller[] = [];
  const close = () => {
    for (const poller of pollers) poller.close();
  };
  try {
    for (const mapping of eventSourceMappings(graph)) {
      const local = functions.find(mapping.functionName);
      const url = queueUrl(mapping.queueArn);
      await requireFitting(mapping, local, url, clients);
      const trouble = (reason: string) => onTrouble(mapping, reason);
      pollers.push(new SqsPoller({ mapping, local, queueUrl: url, clients, functions, onTrouble: trouble }));
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    get working() {
      return pollers.reduce((sum, { working }) => sum + working, 0);
    },
    close,
  };
}

async function requireFitting(
  { name, queueArn }: WantedMapping,
  { role, functionName, timeoutSeconds }: LocalFunction,
  QueueUrl: string,
  clients: AwsClients,
): Promise<void> {
  const as = { role, session: functionName, signal: AbortSignal.timeout(60_000) };
  const { output } = await clients
    .call("sqs", "getQueueAttributes", { QueueUrl, AttributeNames: ["VisibilityTimeout"] }, as)
    .catch((error: Error) => {
      throw new UnsupportedMapping(name, `${functionName} cannot look at ${queueArn}: ${error.message}`);
    });
  const hidden = Number(Reflect.get(Object(output.Attributes), "VisibilityTimeout"));
  if (hidden < timeoutSeconds) {
    throw new UnsupportedMapping(
      name,
      `the queue hides a message for ${hidden} s, and ${functionName} may take ${timeoutSeconds} s: it would come again before its end.`,
    );
  }
}
