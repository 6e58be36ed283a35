import { NotImplemented } from "../gateway/aws-error.ts";
import type { Action, Parameters } from "../gateway/json-service.ts";
import type { Shard } from "./shard.ts";
import type { Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";

/** Actions that tell what streams and shards there are. All in one answer: the program declares few. */
export function describeActions(streams: Streams): Readonly<Record<string, Action>> {
  return {
    DescribeStream: (parameters) => {
      refuse("DescribeStream", parameters, ["Limit"]);
      const stream = streams.named(parameters);
      return {
        StreamDescription: {
          ...described(stream),
          Shards: shardsAfter(stream, parameters),
          HasMoreShards: false,
        },
      };
    },
    DescribeStreamSummary: (parameters) => {
      const stream = streams.named(parameters);
      return {
        StreamDescriptionSummary: {
          ...described(stream),
          OpenShardCount: stream.shards.length,
          ConsumerCount: 0,
          MaxRecordSizeInKiB: stream.wanted.recordBytes / 1024,
        },
      };
    },
    ListShards: (parameters) => {
      refuse("ListShards", parameters, ["MaxResults", "NextToken", "ShardFilter"]);
      return { Shards: shardsAfter(streams.named(parameters), parameters) };
    },
    ListStreams: (parameters) => {
      refuse("ListStreams", parameters, ["ExclusiveStartStreamName", "Limit", "NextToken"]);
      const all = streams.all();
      return {
        StreamNames: all.map(({ wanted }) => wanted.name),
        StreamSummaries: all.map(summary),
        HasMoreStreams: false,
      };
    },
  };
}

/** Parameters that would make pages or leave something out. */
function refuse(action: string, parameters: Parameters, names: readonly string[]): void {
  const given = names.find((name) => parameters[name] !== undefined);
  if (given !== undefined) throw new NotImplemented("kinesis", `${action} with ${given}`);
}

function shardsAfter(stream: Stream, { ExclusiveStartShardId: after }: Parameters): object[] {
  return stream.shards
    .filter(({ id }) => typeof after !== "string" || id > after)
    .map((shard) => describedShard(stream, shard));
}

function describedShard(stream: Stream, shard: Shard): object {
  return {
    ShardId: shard.id,
    HashKeyRange: {
      StartingHashKey: String(shard.range.start),
      EndingHashKey: String(shard.range.end),
    },
    SequenceNumberRange: { StartingSequenceNumber: stream.sequenceNumber(shard, 0) },
  };
}

function summary({ wanted, createdAt }: Stream): object {
  return {
    StreamName: wanted.name,
    StreamARN: wanted.arn,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: wanted.mode },
    // The JSON has instants as seconds since the epoch.
    StreamCreationTimestamp: createdAt / 1000,
  };
}

function described(stream: Stream): object {
  const { key, retentionHours } = stream.wanted;
  return {
    ...summary(stream),
    RetentionPeriodHours: retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    ...(key === undefined ? { EncryptionType: "NONE" } : { EncryptionType: "KMS", KeyId: key }),
  };
}
