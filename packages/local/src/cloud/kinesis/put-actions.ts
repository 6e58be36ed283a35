import type { Action } from "../gateway/json-service.ts";
import { newRecord, newRecords } from "./new-records.ts";
import type { NewRecord, Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";

/** Actions that put records into streams. None fails by itself: PutRecords takes all or refuses the request. */
export function putActions(streams: Streams): Readonly<Record<string, Action>> {
  return {
    PutRecord: (parameters) => {
      const stream = streams.named(parameters);
      const record = newRecord(parameters, stream.wanted.recordBytes);
      return { ...placed(stream, record), ...encryption(stream) };
    },
    PutRecords: (parameters) => {
      const stream = streams.named(parameters);
      const records = newRecords(parameters.Records, stream.wanted.recordBytes);
      return {
        FailedRecordCount: 0,
        Records: records.map((record) => placed(stream, record)),
        ...encryption(stream),
      };
    },
  };
}

function placed(stream: Stream, record: NewRecord): object {
  const { shardId, sequenceNumber } = stream.put(record);
  return { ShardId: shardId, SequenceNumber: sequenceNumber };
}

function encryption({ wanted }: Stream): object {
  return { EncryptionType: wanted.key === undefined ? "NONE" : "KMS" };
}
