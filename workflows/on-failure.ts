import { define, jsonata } from "./asl/define.ts";
import { leaseLost, lockItem } from "./asl/lease.ts";
import { retrySns, retrySqs, retryStepFunctions } from "./asl/retries.ts";
import { setAttributes, updateItem } from "./asl/run-record.ts";
import type { Definition } from "./asl/states.ts";

/** What `on-failure` works with: tables by name, the queue by URL, the topic by ARN. */
export interface OnFailureResources {
  readonly runsTable: string;
  readonly locksTable: string;
  readonly deadLetterQueue: string;
  readonly operationsTopic: string;
}

/**
 * What must happen when any execution fails: run record, dead letter with the original input, notice; and the lease
 * that it worked under, if any, is free for the next one, which is started if anybody asked for it meanwhile.
 *
 * Input: EventBridge's "Step Functions Execution Status Change" with status FAILED, TIMED_OUT or ABORTED. It also comes
 * for what no `Catch` sees: `States.Runtime`, `States.DataLimitExceeded`, machine timeouts, aborts.
 * Idempotent by execution and attempt: events come at least once, and a redriven execution may fail again, which is
 * a new dead letter. An input too large for the event (`inputDetails.included` false) is null in the dead letter;
 * whoever redrives reads it from the execution.
 */
export function onFailure(resources: OnFailureResources): Definition {
  const record = setAttributes(
    { table: resources.runsTable, name: "run_id", value: jsonata("$failed.run_id") },
    {
      execution: { S: jsonata("$failed.execution") },
      status: { S: jsonata("$failed.status") },
      error: { S: jsonata("$failed.error") },
      cause: { S: jsonata("$failed.cause") },
      failed_at: { S: jsonata("$failed.at") },
      failed_attempt: { N: jsonata("$string($failed.attempt)") },
      failure_handled_by: { S: jsonata("$states.context.Execution.Id") },
    },
  );

  return define(
    {
      comment: "Records a failed execution, keeps its input as a dead letter, tells operations",
      timeoutSeconds: 3600,
      startAt: "Accept",
    },
    {
      Accept: {
        Type: "Pass",
        Assign: {
          failed: {
            run_id: jsonata(
              "$split($states.input.detail.stateMachineArn, ':')[6] & '/' & $states.input.detail.name",
            ),
            execution: jsonata("$states.input.detail.executionArn"),
            machine: jsonata("$states.input.detail.stateMachineArn"),
            status: jsonata("$states.input.detail.status"),
            input: jsonata("$exists($states.input.detail.input) ? $states.input.detail.input : null"),
            error: jsonata(
              "$states.input.detail.error ? $states.input.detail.error : 'States.' & $states.input.detail.status",
            ),
            cause: jsonata("$states.input.detail.cause ? $states.input.detail.cause : 'No cause was given'"),
            attempt: jsonata("$states.input.detail.redriveCount ? $states.input.detail.redriveCount + 1 : 1"),
            at: jsonata("$states.input.time"),
          },
        },
        Next: "RecordFailure",
      },
      RecordFailure: {
        ...updateItem,
        Arguments: {
          ...record,
          ConditionExpression:
            "attribute_not_exists(#failed_attempt) OR #failed_attempt < :failed_attempt OR #failure_handled_by = :failure_handled_by",
          ReturnValues: "ALL_NEW",
        },
        Assign: {
          lock: jsonata(
            "$exists($states.result.Attributes.lock.S) ? $states.result.Attributes.lock.S : $split($failed.machine, ':')[6]",
          ),
          again: jsonata(
            "$exists($states.result.Attributes.again.S) ? $parse($states.result.Attributes.again.S) : {}",
          ),
        },
        Catch: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "AlreadyHandled" }],
        Next: "KeepDeadLetter",
      },
      KeepDeadLetter: {
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage",
        Comment: "`npx penstock redrive` takes it from here",
        Arguments: { QueueUrl: resources.deadLetterQueue, MessageBody: jsonata("$string($failed)") },
        TimeoutSeconds: 30,
        Retry: [retrySqs],
        Next: "NotifyOperations",
      },
      NotifyOperations: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn: resources.operationsTopic,
          Subject: "Penstock: an execution failed",
          Message: jsonata(
            "$string({ 'execution': $failed.execution, 'status': $failed.status, 'error': $failed.error, 'cause': $failed.cause, 'at': $failed.at })",
          ),
        },
        TimeoutSeconds: 30,
        Retry: [retrySns],
        Next: "ReturnLease",
      },
      ReturnLease: {
        ...updateItem,
        Comment:
          "Until the lease ran out nobody could do its work; a redrive takes it again. Its machine's, or the lock that the run record names",
        Arguments: {
          ...lockItem(resources.locksTable, jsonata("$lock")),
          UpdateExpression: "REMOVE #owner, leased_until",
          ConditionExpression: "#owner = :execution",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":execution": { S: jsonata("$failed.execution") } },
          ReturnValues: "ALL_NEW",
        },
        Catch: [{ ErrorEquals: leaseLost, Next: "Handled" }],
        Assign: {
          asked: jsonata(
            "$exists($states.result.Attributes.seen.N) and $number($states.result.Attributes.requested.N) > $number($states.result.Attributes.seen.N)",
          ),
        },
        Next: "AnyAsked",
      },
      AnyAsked: {
        Type: "Choice",
        Comment: "Who asked after the failed one had read the counter ended as COALESCED, and counts on it",
        Choices: [{ Condition: jsonata("$asked"), Next: "StartAnother" }],
        Default: "Handled",
      },
      StartAnother: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution",
        Comment:
          "With what the run record says is to be done again. Its own failure starts no other, unless somebody asks again",
        Arguments: {
          StateMachineArn: jsonata("$failed.machine"),
          Input: jsonata(
            "$merge([$again, { 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID': $states.context.Execution.Id }])",
          ),
        },
        TimeoutSeconds: 60,
        Retry: [retryStepFunctions],
        Next: "Handled",
      },
      Handled: { Type: "Succeed" },
      AlreadyHandled: { Type: "Succeed", Output: { status: "ALREADY_HANDLED" } },
    },
  );
}
