import { AwsError } from "../gateway/aws-error.ts";
import type { Parameters } from "../gateway/json-service.ts";
import { Constraints } from "./constraints.ts";
import { explicitHashKey } from "./hash-range.ts";
import type { NewRecord } from "./stream.ts";

/** Source of the limits: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const MOST_RECORDS = 500;
const REQUEST_BYTES = 10 * 1024 * 1024;
const LONGEST_KEY = 256;

/** The records of a PutRecords. @throws {AwsError} ValidationException, InvalidArgumentException */
export function newRecords(given: unknown, recordBytes: number): NewRecord[] {
  const constraints = new Constraints();
  const list: unknown[] = Array.isArray(given) ? given : [];
  constraints.require(Array.isArray(given), "records", undefined, "Member must not be null");
  if (Array.isArray(given)) {
    const shown = `[${list.length} records]`;
    constraints.require(
      list.length >= 1,
      "records",
      shown,
      "Member must have length greater than or equal to 1",
    );
    constraints.require(
      list.length <= MOST_RECORDS,
      "records",
      shown,
      `Member must have length less than or equal to ${MOST_RECORDS}`,
    );
  }
  const records = list
    .slice(0, MOST_RECORDS)
    .map((each, index) => record(each, `records.${index + 1}.member.`, recordBytes, constraints));
  constraints.check();
  const bytes = records.reduce((sum, each) => sum + sizeOf(each), 0);
  if (bytes > REQUEST_BYTES)
    throw new AwsError("InvalidArgumentException", "Records size exceeds 10 MB limit");
  return records;
}

/** The record of a PutRecord. @throws {AwsError} ValidationException, InvalidArgumentException */
export function newRecord(given: Parameters, recordBytes: number): NewRecord {
  const constraints = new Constraints();
  const made = record(given, "", recordBytes, constraints);
  constraints.check();
  return made;
}

function record(given: unknown, at: string, most: number, constraints: Constraints): NewRecord {
  const member: Parameters =
    typeof given === "object" && given !== null ? Object.fromEntries(Object.entries(given)) : {};
  const partitionKey = constraints.text(member.PartitionKey, `${at}partitionKey`, LONGEST_KEY);
  const data = blob(member.Data, `${at}data`, constraints);
  const made = { partitionKey, data, hashKey: hashKey(member.ExplicitHashKey) };
  constraints.require(
    sizeOf(made) <= most,
    `${at}data`,
    `java.nio.HeapByteBuffer[pos=0 lim=${data.length} cap=${data.length}]`,
    `Member must have length less than or equal to ${most}`,
  );
  return made;
}

/** The partition key counts too. */
function sizeOf({ partitionKey, data }: Pick<NewRecord, "partitionKey" | "data">): number {
  return Buffer.byteLength(partitionKey) + data.length;
}

/** @throws {AwsError} SerializationException */
function blob(given: unknown, at: string, constraints: Constraints): Buffer {
  constraints.require(given !== undefined && given !== null, at, undefined, "Member must not be null");
  if (given === undefined || given === null) return Buffer.alloc(0);
  const data = typeof given === "string" ? Buffer.from(given, "base64") : undefined;
  if (data === undefined || data.toString("base64") !== given)
    throw new AwsError("SerializationException", `The member ${at} is not base64.`);
  return data;
}

/** @throws {AwsError} InvalidArgumentException */
function hashKey(given: unknown): bigint | undefined {
  if (given === undefined || given === null) return undefined;
  const key = typeof given === "string" ? explicitHashKey(given) : undefined;
  if (key !== undefined) return key;
  throw new AwsError(
    "InvalidArgumentException",
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${given}`,
  );
}
