import { define, jsonata } from "./asl/define.ts";
import { lease, leaseLost } from "./asl/lease.ts";
import { retryLambda, retrySns } from "./asl/retries.ts";
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

/**
 * Brings the tables into agreement: releases pending rows whose parents have landed, deduplicates keys across objects,
 * quarantines what waited too long, lists orders that break rules over several tables.
 *
 * Input: anything (an event of the curated bucket, a schedule, `{}` by hand): a pass looks at all that has landed.
 * Requests are coalesced without being lost, by the lease of `asl/lease.ts`: who does not get it ends as "coalesced",
 * and its holder makes another pass for who asked during one.
 */
export function reconcile(resources: ReconcileResources): Definition {
  const { request, take, read, giveBack } = lease({
    table: resources.locksTable,
    seconds: resources.leaseSeconds,
  });

  return define(
    {
      comment: "Releases pending rows, deduplicates across objects, checks rules over several tables",
      timeoutSeconds: 24 * 3600,
      startAt: "Request",
    },
    {
      Request: {
        ...request,
        Assign: { passes: 0, released: 0, duplicates: 0, expired: 0, changed: 0 },
        Next: "TakeLease",
      },
      TakeLease: {
        ...take,
        Catch: [{ ErrorEquals: leaseLost, Next: "Coalesced" }],
        Next: "Settle",
      },
      Settle: {
        Type: "Wait",
        Comment: "Objects arrive in bursts; one pass serves them all",
        Seconds: resources.quietSeconds,
        Next: "ReadRequests",
      },
      ReadRequests: {
        ...read,
        Assign: { requested: jsonata("$states.result.Attributes.requested.N") },
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
        ...giveBack,
        Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
        Next: "RecordRun",
      },
      RecordRun: {
        ...updateItem,
        Arguments: setAttributes(
          { table: resources.runsTable, name: "run_id", value: runId },
          {
            workflow: { S: "reconcile" },
            execution: { S: jsonata("$states.context.Execution.Id") },
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
