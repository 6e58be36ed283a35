import { AwsError } from "../gateway/aws-error.ts";
import { type Action, type Parameters, text } from "../gateway/json-service.ts";
import { Constraints } from "./constraints.ts";
import type { Shard } from "./shard.ts";
import { readIterator, writeIterator } from "./shard-iterator.ts";
import type { Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";

/** Source of the limits: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const MOST_RECORDS = 10_000;
const MOST_BYTES = 10 * 1024 * 1024;

/** Actions that read a shard's records. */
export function readActions(streams: Streams): Readonly<Record<string, Action>> {
  return {
    GetShardIterator: (parameters) => {
      const stream = streams.named(parameters);
      const shard = stream.shard(text(parameters, "ShardId"), streams.account);
      const position = startOf(stream, shard, parameters, streams.account);
      return {
        ShardIterator: writeIterator({
          stream: stream.wanted.name,
          shard: shard.id,
          position,
          givenAt: Date.now(),
        }),
      };
    },
    GetRecords: (parameters) => {
      const constraints = new Constraints();
      const { Limit = MOST_RECORDS } = parameters;
      const limited = typeof Limit === "number" && Limit >= 1 && Limit <= MOST_RECORDS;
      constraints.require(
        limited,
        "limit",
        String(Limit),
        `Member must have value less than or equal to ${MOST_RECORDS}`,
      );
      constraints.check();
      const iterator = readIterator(text(parameters, "ShardIterator"));
      const stream = streams.get(iterator.stream);
      const shard = stream.shard(iterator.shard, streams.account);
      const { from, records, next, behindMs } = shard.read(iterator.position, {
        records: Number(Limit),
        bytes: MOST_BYTES,
      });
      return {
        Records: records.map(({ data, partitionKey, arrivedAt }, index) => ({
          SequenceNumber: stream.sequenceNumber(shard, from + index),
          ApproximateArrivalTimestamp: arrivedAt / 1000,
          Data: data.toString("base64"),
          PartitionKey: partitionKey,
          EncryptionType: stream.wanted.key === undefined ? "NONE" : "KMS",
        })),
        NextShardIterator: writeIterator({ ...iterator, position: next, givenAt: Date.now() }),
        MillisBehindLatest: behindMs,
      };
    },
  };
}

/** The position at which an iterator begins. @throws {AwsError} */
function startOf(stream: Stream, shard: Shard, parameters: Parameters, account: string): number {
  const { ShardIteratorType: type, StartingSequenceNumber: sequence, Timestamp: moment } = parameters;
  switch (type) {
    case "TRIM_HORIZON":
      return 0;
    case "LATEST":
      return shard.end;
    case "AT_SEQUENCE_NUMBER":
      return stream.position(shard, given(type, "StartingSequenceNumber", sequence), account);
    case "AFTER_SEQUENCE_NUMBER":
      return stream.position(shard, given(type, "StartingSequenceNumber", sequence), account) + 1;
    case "AT_TIMESTAMP":
      return shard.positionAt(Number(given(type, "Timestamp", moment)) * 1000);
    default: {
      const constraints = new Constraints();
      constraints.require(
        false,
        "shardIteratorType",
        typeof type === "string" ? type : undefined,
        "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]",
      );
      constraints.check();
      return 0;
    }
  }
}

/** @throws {AwsError} InvalidArgumentException */
function given(type: string, name: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new AwsError("InvalidArgumentException", `Must specify ${name} with the ShardIteratorType ${type}.`);
}
