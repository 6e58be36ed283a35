import type { Parameters } from "../../gateway/json-service.ts";
import { parseIterator } from "../../kinesis/shard-iterator.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, keyUse, optionalText } from "../facts.ts";

/**
 * What a stream's key is used for: sealing by who sends, opening by who reads.
 * Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 */
const KEY_USE: Readonly<Record<string, readonly string[]>> = {
  GetRecords: ["kms:Decrypt"],
  PutRecord: ["kms:GenerateDataKey"],
  PutRecords: ["kms:GenerateDataKey"],
};

/** Which permissions Kinesis Data Streams asks for: the action's own on the stream, and the use of its key. */
export function kinesisDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  if (action === "ListStreams") return [{ action: "kinesis:ListStreams", resource: "*" }];
  const iterator = parseIterator(optionalText(parameters, "ShardIterator"));
  const name = optionalText(parameters, "StreamName") || (iterator?.stream ?? "");
  const arn = optionalText(parameters, "StreamARN") || regionalArn(facts.place, "kinesis", `stream/${name}`);
  return [
    { action: `kinesis:${action}`, resource: arn },
    ...keyUse(facts, "kinesis", arn, KEY_USE[action] ?? [], { "aws:kinesis:arn": arn }),
  ];
}
