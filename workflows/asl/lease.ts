import { jsonata } from "./define.ts";
import { updateItem } from "./run-record.ts";
import type { Expression, Template } from "./states.ts";

/** The lease that a machine works under. */
export interface LeaseOf {
  /** The locks table, by name. */
  readonly table: string;
  /** How long it holds without being renewed, seconds. */
  readonly seconds: number;
  /** Whose it is; the machine's own without one. */
  readonly name?: Expression;
  /** Where names are as many as people: when an item that nobody asked for any more goes away. Longer than a redrive can wait. */
  readonly goneAfterSeconds?: number;
}

/** The item of the locks table that counts a machine's requests and holds its lease. */
export function lockItem(table: string, machine: Expression) {
  return { TableName: table, Key: { name: { S: machine } } } as const;
}

/** The lease is another execution's, or more was requested than was seen. */
export const leaseLost = ["DynamoDB.ConditionalCheckFailedException"] as const;

/** Lets an item go away by itself, so long after whoever asked or worked last. DynamoDB's own expiry counts seconds. */
function going(seconds: number) {
  return {
    update: "#until = :gone",
    names: { "#until": "until" },
    values: { ":gone": { N: jsonata(`$string($floor($millis() / 1000) + ${seconds})`) } },
  } as const;
}

/**
 * The tasks by which executions of one machine share its work, so that one at a time does it and no request is lost.
 * Each execution adds one to a counter and then tries for the lease. Who does not get it ends: the holder gives the
 * lease back only on condition that the counter is the one it had read before its work, and otherwise works again.
 * Every taking has a generation of its own, a higher one than all before: what a former holder still writes is known
 * by it. `on-failure` gives back the lease of an execution that failed, and starts another for who asked after it had
 * read the counter; a lease that nobody gives back runs out.
 */
export function lease({
  table,
  seconds,
  name = jsonata("$states.context.StateMachine.Name"),
  goneAfterSeconds,
}: LeaseOf) {
  const item = lockItem(table, name);
  const owner = { "#owner": "owner" };
  const me = { S: jsonata("$states.context.Execution.Id") };
  const until = { N: jsonata(`$string($millis() + ${seconds} * 1000)`) };
  const gone = goneAfterSeconds === undefined ? undefined : going(goneAfterSeconds);
  const requestArguments: Template =
    gone === undefined
      ? {
          ...item,
          UpdateExpression: "ADD requested :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }
      : {
          ...item,
          UpdateExpression: `SET ${gone.update} ADD requested :one`,
          ExpressionAttributeNames: gone.names,
          ExpressionAttributeValues: { ":one": { N: "1" }, ...gone.values },
        };

  return {
    /** Adds a request. Counted before the lease is tried for: the holder sees it, or this execution becomes the holder. */
    request: {
      ...updateItem,
      Comment:
        "Counted before the lease is tried for: the holder sees it, or this execution becomes the holder",
      Arguments: requestArguments,
    },
    /** Takes the lease, or takes it again, under a new generation: `Attributes.generation.N` of the result. */
    take: {
      ...updateItem,
      Comment: "Also taken again, for more work; a lease that ran out may be taken over",
      Arguments: {
        ...item,
        UpdateExpression: `SET #owner = :me, leased_until = :until${gone === undefined ? "" : `, ${gone.update}`} REMOVE seen ADD generation :one`,
        ConditionExpression: "attribute_not_exists(#owner) OR #owner = :me OR leased_until < :now",
        ExpressionAttributeNames: { ...owner, ...gone?.names },
        ExpressionAttributeValues: {
          ":me": me,
          ":now": { N: jsonata("$string($millis())") },
          ":until": until,
          ":one": { N: "1" },
          ...gone?.values,
        },
        ReturnValues: "ALL_NEW",
      },
    },
    /** Holds it for longer, between two long steps; `$generation` is the taking's. */
    hold: {
      ...updateItem,
      Comment:
        "Lost meanwhile, or given back by a failure before a redrive: begin again, unless somebody else has",
      Arguments: {
        ...item,
        UpdateExpression: "SET leased_until = :until",
        ConditionExpression: "#owner = :me AND generation = :generation",
        ExpressionAttributeNames: owner,
        ExpressionAttributeValues: {
          ":me": me,
          ":generation": { N: jsonata("$generation") },
          ":until": until,
        },
      },
    },
    /** Reads the counter, `Attributes.requested.N` of the result, and leaves in `seen` what it read, for `on-failure`. */
    read: {
      ...updateItem,
      Arguments:
        gone === undefined
          ? { ...item, UpdateExpression: "SET seen = requested", ReturnValues: "ALL_NEW" }
          : {
              ...item,
              // A redrive may come so late that the item with its requests has gone, and been made anew by its taking.
              UpdateExpression:
                "SET requested = if_not_exists(requested, :none), seen = if_not_exists(requested, :none)",
              ExpressionAttributeValues: { ":none": { N: "0" } },
              ReturnValues: "ALL_NEW",
            },
    },
    /** Gives the lease back if nothing was requested since `$requested` was read. */
    giveBack: {
      ...updateItem,
      Arguments: {
        ...item,
        UpdateExpression: "REMOVE #owner, leased_until",
        ConditionExpression: "#owner = :me AND requested = :seen",
        ExpressionAttributeNames: owner,
        ExpressionAttributeValues: { ":me": me, ":seen": { N: jsonata("$requested") } },
      },
    },
    /** Gives the lease back whatever was requested: another execution is to see to it. */
    giveUp: {
      ...updateItem,
      Arguments: {
        ...item,
        UpdateExpression: "REMOVE #owner, leased_until",
        ConditionExpression: "#owner = :me",
        ExpressionAttributeNames: owner,
        ExpressionAttributeValues: { ":me": me },
      },
    },
  } as const;
}
