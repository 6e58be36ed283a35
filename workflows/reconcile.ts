import { define, jsonata } from "./asl/define.ts";
import { retryDynamo, retryLambda, retrySns } from "./asl/retries.ts";
import { runId, setAttributes, updateItem } from "./asl/run-record.ts";
import type { Definition } from "./asl/states.ts";

/** What `reconcile` works with. The function and the topic by ARN, the tables by name. */
export interface ReconcileResources {
  readonly reconcile: string;
  readonly runsTable: string;
  readonly locksTable: string;
  readonly dataTopic: string;
  /** How long to wait after taking the lease, so that objects that arrive together make one pass. */
  readonly quietSeconds: number;
  /** How long a lease holds without being renewed: longer than a pass with all its retries. */
  readonly leaseSeconds: number;
  /** Lambda's own limit for one pass, seconds. */
  readonly reconcileSeconds: number;
}

/** The item of the locks table that counts requests and holds the lease. */
const lock = { name: { S: "reconcile" } };

/**
 * Brings the tables into agreement: releases pending rows whose parents have landed, deduplicates keys across objects,
 * quarantines what waited too long, lists orders that break rules over several tables.
 *
 * Input: anything (an event of the curated bucket, a schedule, `{}` by hand): a pass looks at all that has landed.
 * Requests are coalesced without being lost. Each adds one to a counter, then tries for the lease. Who does not get
 * it ends as "coalesced": the holder gives the lease back only on condition that the counter is the one it had read
 * before its pass, and otherwise makes another pass.
 */
export function reconcile(resources: ReconcileResources): Definition {
  const me = jsonata("$states.context.Execution.Id");
  const now = jsonata("$string($millis())");
  const until = jsonata(`$string($millis() + ${resources.leaseSeconds} * 1000)`);

  return define(
    {
      comment: "Releases pending rows, deduplicates across objects, checks rules over several tables",
      timeoutSeconds: 24 * 3600,
      startAt: "Request",
    },
    {
      Request: {
        ...updateItem,
        Comment:
          "Counted before the lease is tried for: the holder sees it, or this execution becomes the holder",
        Arguments: {
          TableName: resources.locksTable,
          Key: lock,
          UpdateExpression: "ADD requested :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
        Assign: { passes: 0, released: 0, duplicates: 0, expired: 0, changed: 0 },
        Next: "TakeLease",
      },
      TakeLease: {
        ...updateItem,
        Comment: "Also renews it, between two passes; a lease that ran out may be taken over",
        Arguments: {
          TableName: resources.locksTable,
          Key: lock,
          UpdateExpression: "SET #owner = :me, leased_until = :until",
          ConditionExpression: "attribute_not_exists(#owner) OR #owner = :me OR leased_until < :now",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":me": { S: me }, ":now": { N: now }, ":until": { N: until } },
        },
        Catch: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "Coalesced" }],
        Next: "Settle",
      },
      Settle: {
        Type: "Wait",
        Comment: "Objects arrive in bursts; one pass serves them all",
        Seconds: resources.quietSeconds,
        Next: "ReadRequests",
      },
      ReadRequests: {
        Type: "Task",
        Resource: "arn:aws:states:::dynamodb:getItem",
        Arguments: { TableName: resources.locksTable, Key: lock, ConsistentRead: true },
        TimeoutSeconds: 30,
        Retry: [retryDynamo],
        Assign: { requested: jsonata("$states.result.Item.requested.N") },
        Next: "Reconcile",
      },
      Reconcile: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: {
          FunctionName: resources.reconcile,
          Payload: { run_id: jsonata("$states.context.Execution.Name") },
        },
        TimeoutSeconds: resources.reconcileSeconds + 30,
        Retry: [retryLambda],
        Assign: {
          pass: jsonata("$states.result.Payload"),
          passes: jsonata("$passes + 1"),
          released: jsonata("$released + $states.result.Payload.released"),
          duplicates: jsonata("$duplicates + $states.result.Payload.duplicates"),
          expired: jsonata("$expired + $states.result.Payload.expired"),
          changed: jsonata("$changed + $states.result.Payload.changed"),
        },
        Next: "AnyRowExpired",
      },
      AnyRowExpired: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$pass.expired > 0"), Next: "NotifyRowsExpired" }],
        Default: "ReturnLease",
      },
      NotifyRowsExpired: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn: resources.dataTopic,
          Subject: "Penstock: rows waited too long for their parents",
          Message: jsonata(
            "$string({ 'run_id': $states.context.Execution.Name, 'expired': $pass.expired, 'pending': $pass.pending, 'audit': $pass.audit })",
          ),
        },
        TimeoutSeconds: 30,
        Retry: [retrySns],
        Next: "ReturnLease",
      },
      ReturnLease: {
        ...updateItem,
        Arguments: {
          TableName: resources.locksTable,
          Key: lock,
          UpdateExpression: "REMOVE #owner, leased_until",
          ConditionExpression: "#owner = :me AND requested = :seen",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":me": { S: me }, ":seen": { N: jsonata("$requested") } },
        },
        Catch: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "TakeLease" }],
        Next: "RecordRun",
      },
      RecordRun: {
        ...updateItem,
        Arguments: setAttributes(
          { table: resources.runsTable, name: "run_id", value: runId },
          {
            workflow: { S: "reconcile" },
            execution: { S: me },
            started_at: { S: jsonata("$states.context.Execution.StartTime") },
            status: { S: "SUCCEEDED" },
            passes: { N: jsonata("$string($passes)") },
            released: { N: jsonata("$string($released)") },
            duplicates: { N: jsonata("$string($duplicates)") },
            expired: { N: jsonata("$string($expired)") },
            changed: { N: jsonata("$string($changed)") },
            pending: { N: jsonata("$string($pass.pending)") },
            violations: { N: jsonata("$string($pass.violations)") },
          },
        ),
        Output: {
          status: "SUCCEEDED",
          passes: jsonata("$passes"),
          released: jsonata("$released"),
          duplicates: jsonata("$duplicates"),
          expired: jsonata("$expired"),
          pending: jsonata("$pass.pending"),
          violations: jsonata("$pass.violations"),
          audit: jsonata("$pass.audit"),
        },
        Next: "Reconciled",
      },
      Reconciled: { Type: "Succeed" },
      Coalesced: {
        Type: "Succeed",
        Comment: "Another execution makes the pass",
        Output: { status: "COALESCED" },
      },
    },
  );
}
