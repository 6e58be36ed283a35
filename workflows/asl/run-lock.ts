import { jsonata } from "./define.ts";
import { leaseLost, lockItem } from "./lease.ts";
import { retryDynamo } from "./retries.ts";
import { updateItem } from "./run-record.ts";
import type { Expression } from "./states.ts";

/** A lock by which of several executions that would do the same one does it. */
export interface RunLockOf {
  /** The locks table, by name. */
  readonly table: string;
  /** The item's name: what must not be done twice at once. */
  readonly name: Expression;
  /** How long it holds when nobody gives it back, seconds. */
  readonly seconds: number;
}

/**
 * The tasks that take a lock and give it back. Unlike a lease nobody is counted: who finds it taken ends, because the
 * holder does just what it would have done. `on-failure` gives back the lock that a failed execution's run record
 * names; one that nobody gives back runs out, and its item goes away by itself.
 */
export function runLock({ table, name, seconds }: RunLockOf) {
  const item = lockItem(table, name);
  const me = { S: jsonata("$states.context.Execution.Id") };
  const taken = { ErrorEquals: leaseLost } as const;

  return {
    /** Takes it, or has it already; a redrive takes it again. `Catch` {@link taken} where another execution has it. */
    take: {
      ...updateItem,
      Arguments: {
        ...item,
        UpdateExpression: "SET #owner = :me, leased_until = :until, #until = :gone",
        ConditionExpression: "attribute_not_exists(#owner) OR #owner = :me OR leased_until < :now",
        ExpressionAttributeNames: { "#owner": "owner", "#until": "until" },
        ExpressionAttributeValues: {
          ":me": me,
          ":now": { N: jsonata("$string($millis())") },
          ":until": { N: jsonata(`$string($millis() + ${seconds} * 1000)`) },
          // DynamoDB's own expiry counts seconds, and may be two days late.
          ":gone": { N: jsonata(`$string($floor($millis() / 1000) + ${seconds})`) },
        },
      },
    },
    /** Gives it back. `Catch` {@link taken} where it ran out and another execution has taken it. */
    giveBack: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:deleteItem",
      TimeoutSeconds: 30,
      Retry: [retryDynamo],
      Arguments: {
        ...item,
        ConditionExpression: "#owner = :me",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":me": me },
      },
    },
    /** For a `Catch`, with its `Next`. */
    taken,
  } as const;
}
