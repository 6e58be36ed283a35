import type { KeptRecord } from "../kinesis/shard.ts";

/** Why a record goes to the error prefix. */
export interface RecordFailure {
  /** What `!{firehose:error-output-type}` becomes. */
  readonly type: "processing-failed" | "activePartitionExceeded";
  readonly code: string;
  readonly message: string;
}

/**
 * A record that could not be delivered, as Firehose writes it down: a line of JSON with the record itself in base64.
 * Source: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 */
export function failedRecord({ data, arrivedAt }: KeptRecord, { code, message }: RecordFailure): Buffer {
  const line = {
    attemptsMade: 1,
    arrivalTimestamp: arrivedAt,
    errorCode: code,
    errorMessage: message,
    attemptEndingTimestamp: Date.now(),
    rawData: data.toString("base64"),
  };
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
