import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

export interface WantedQueue {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Queue attributes by their name in the program, where that is a number. */
const numbers: Readonly<Record<string, string>> = {
  visibilityTimeoutSeconds: "VisibilityTimeout",
  messageRetentionSeconds: "MessageRetentionPeriod",
  delaySeconds: "DelaySeconds",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  maxMessageSize: "MaximumMessageSize",
};

function queueAttributes(inputs: Inputs): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [property, attribute] of Object.entries(numbers)) {
    const value = inputs.optionalNumber(property);
    if (value !== undefined) attributes[attribute] = String(value);
  }
  if (inputs.flag("fifoQueue")) attributes.FifoQueue = "true";
  if (inputs.flag("contentBasedDeduplication")) attributes.ContentBasedDeduplication = "true";
  const redrive = inputs.json("redrivePolicy");
  if (redrive !== undefined && redrive !== null) attributes.RedrivePolicy = JSON.stringify(redrive);
  return attributes;
}

/** The program's queues; those that others name as their dead-letter queue come first. */
export function queues(graph: ResourceGraph): WantedQueue[] {
  return resourcesOf(graph, "aws:sqs/queue:Queue")
    .map((resource) => new Inputs(resource))
    .map((inputs) => ({ name: inputs.text("name"), attributes: queueAttributes(inputs) }))
    .sort(
      (left, right) =>
        Number("RedrivePolicy" in left.attributes) - Number("RedrivePolicy" in right.attributes),
    );
}

export interface WantedTopic {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The program's topics. */
export function topics(graph: ResourceGraph): WantedTopic[] {
  return resourcesOf(graph, "aws:sns/topic:Topic")
    .map((resource) => new Inputs(resource))
    .map((inputs) => ({
      name: inputs.text("name"),
      attributes: {
        ...(inputs.flag("fifoTopic") ? { FifoTopic: "true" } : {}),
        ...(inputs.flag("contentBasedDeduplication") ? { ContentBasedDeduplication: "true" } : {}),
      },
    }));
}

export interface WantedSubscription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The program's subscriptions. Those of queues deliver; the others (e-mail…) are only written down, as notices. */
export function subscriptions(graph: ResourceGraph): WantedSubscription[] {
  return resourcesOf(graph, "aws:sns/topicSubscription:TopicSubscription")
    .map((resource) => new Inputs(resource))
    .map((inputs) => {
      const filter = inputs.optionalText("filterPolicy");
      const scope = inputs.optionalText("filterPolicyScope");
      return {
        topicArn: inputs.text("topic"),
        protocol: inputs.text("protocol"),
        endpoint: inputs.text("endpoint"),
        attributes: {
          ...(inputs.flag("rawMessageDelivery") ? { RawMessageDelivery: "true" } : {}),
          ...(filter === undefined ? {} : { FilterPolicy: filter }),
          ...(scope === undefined ? {} : { FilterPolicyScope: scope }),
        },
      };
    });
}
