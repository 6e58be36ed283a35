import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, keyUse, optionalText } from "../facts.ts";

/**
 * What a queue's key is used for. A sender needs both: SQS verifies the data key that it got.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const KEY_USE: Readonly<Record<string, readonly string[]>> = {
  SendMessage: ["kms:GenerateDataKey", "kms:Decrypt"],
  ReceiveMessage: ["kms:Decrypt"],
};

/** The queue that a request names, by URL (of AWS or of the gateway) or by name. */
function queueOf(parameters: Parameters, facts: Facts): string {
  const path = optionalText(parameters, "QueueUrl").replace(/^https?:\/\/[^/]+\//, "");
  const [account, name] = path.split("/");
  if (account !== undefined && name !== undefined)
    return `arn:aws:sqs:${facts.place.region}:${account}:${name}`;
  return regionalArn(facts.place, "sqs", optionalText(parameters, "QueueName") || path);
}

/** Which permissions SQS asks for; a batch needs that of its single action. */
export function sqsDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  if (action === "ListQueues") return [{ action: "sqs:ListQueues", resource: "*" }];
  const single = action.replace(/Batch$/, "");
  const resource = queueOf(parameters, facts);
  return [
    { action: `sqs:${single}`, resource },
    ...keyUse(facts, "sqs", resource, KEY_USE[single] ?? [], { "aws:sqs:arn": resource }),
  ];
}
