import { jsonata } from "./define.ts";
import { retryDynamo } from "./retries.ts";
import type { Expression, Template } from "./states.ts";

/**
 * The key of an execution's run record: `<machine>/<execution>`. `on-failure` builds the same key from the ARN of the
 * execution that failed, so that each execution has one record whoever writes it.
 */
export const runId = jsonata("$states.context.StateMachine.Name & '/' & $states.context.Execution.Name");

type Typed<Type extends string> = Readonly<Record<Type, Template>>;

/** Typed attribute values of DynamoDB (`{ S: … }`, `{ N: … }`…) by attribute name, or an expression that gives one. */
export type Attributes = Readonly<
  Record<string, Typed<"S"> | Typed<"N"> | Typed<"BOOL"> | Typed<"M"> | Typed<"L"> | Expression>
>;

/**
 * Arguments of `dynamodb:updateItem` that set `attributes` on one item and leave its others as they are: a run that
 * succeeds after a redrive keeps the trace of its earlier failure. Names go through placeholders because `status`,
 * `table` and `error` are reserved words.
 */
export function setAttributes(key: { table: string; name: string; value: Template }, attributes: Attributes) {
  const names = Object.keys(attributes);
  return {
    TableName: key.table,
    Key: { [key.name]: { S: key.value } },
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      names.map((name) => [`:${name}`, attributes[name] ?? null]),
    ),
  } satisfies Template;
}

/** What every state that writes one item has in common. Its limit is generous: a write takes milliseconds. */
export const updateItem = {
  Type: "Task",
  Resource: "arn:aws:states:::dynamodb:updateItem",
  TimeoutSeconds: 30,
  Retry: [retryDynamo],
} as const;
