import * as v from "valibot";
import { AwsError } from "../../gateway/aws-error.ts";

const texts = v.record(v.string(), v.string());

/** A column as Glue has it; the type as Hive writes it, such as `decimal(12,2)`. */
export const Column = v.looseObject({
  Name: v.pipe(v.string(), v.minLength(1)),
  Type: v.optional(v.string(), "string"),
});
export type Column = v.InferOutput<typeof Column>;

/** Where the objects of a table or partition lie and how they are read. */
export const StorageDescriptor = v.looseObject({
  Columns: v.optional(v.array(Column), []),
  Location: v.optional(v.string()),
  InputFormat: v.optional(v.string()),
  Parameters: v.optional(texts),
});
export type StorageDescriptor = v.InferOutput<typeof StorageDescriptor>;

/** What CreateDatabase takes. Members that nothing here looks at are kept and given back. */
export const DatabaseInput = v.looseObject({
  Name: v.pipe(v.string(), v.minLength(1), v.toLowerCase()),
});
export type DatabaseInput = v.InferOutput<typeof DatabaseInput>;

/** What CreateTable takes. */
export const TableInput = v.looseObject({
  Name: v.pipe(v.string(), v.minLength(1), v.toLowerCase()),
  StorageDescriptor: v.optional(StorageDescriptor),
  PartitionKeys: v.optional(v.array(Column), []),
  Parameters: v.optional(texts),
});
export type TableInput = v.InferOutput<typeof TableInput>;

/** What CreatePartition takes; the values in the order of the table's partition keys. */
export const PartitionInput = v.looseObject({
  Values: v.array(v.string()),
  StorageDescriptor: v.optional(StorageDescriptor),
  Parameters: v.optional(texts),
});
export type PartitionInput = v.InferOutput<typeof PartitionInput>;

/** Glue's answer to whatever is wrong with a request. */
export function invalidInput(message: string): AwsError {
  return new AwsError("InvalidInputException", message);
}

/** A parameter in its shape. @throws {AwsError} InvalidInputException naming it */
export function shaped<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  name: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw invalidInput(`${path === null ? name : `${name}.${path}`}: ${issue.message}`);
}
