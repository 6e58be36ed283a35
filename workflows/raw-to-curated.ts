import { ErrorNames } from "@penstock/runtime/errors";
import { define, jsonata } from "./asl/define.ts";
import { retryBusyObject, retryGlue, retryGlueQueue, retryLambda, retryS3, retrySns } from "./asl/retries.ts";
import { runId, setAttributes, updateItem } from "./asl/run-record.ts";
import type { Definition } from "./asl/states.ts";
import { tooMuchForLambda } from "./asl/too-much.ts";

/** What `raw-to-curated` works with. Lambda functions and topics by ARN, the job and the table by name. */
export interface RawToCuratedResources {
  readonly inspect: string;
  readonly refine: string;
  readonly planRefine: string;
  readonly finishRefine: string;
  readonly glueJob: string;
  readonly runsTable: string;
  readonly dataTopic: string;
  /** Share of rejected rows (0–1) over which a run is marked. The alarm on the same number is in `stacks/monitoring.ts`. */
  readonly rejectedAlarm: number;
  /** Lambda's own limit for `refine`, seconds; the state waits a little longer, so that Lambda's error is the one seen. */
  readonly refineSeconds: number;
  /** Limit of one Glue job run, seconds, time in Glue's queue included. */
  readonly glueSeconds: number;
}

const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Retry: [retryLambda] } as const;
const publish = {
  Type: "Task",
  Resource: "arn:aws:states:::sns:publish",
  TimeoutSeconds: 30,
  Retry: [retrySns],
} as const;

/**
 * One raw object → curated, pending and quarantined rows.
 *
 * Input: the EventBridge event "Object Created", or by hand `{ bucket, key, table? }`; `table` is needed where the key
 * is not of the form `ecommerce/<table>-raw/…`.
 * Output: the summary of the refine, or the reason for which the file was refused whole.
 * Source: ../shared/seeds/data-processing-jobs.md names the steps; DESIGN part 4 their order.
 */
export function rawToCurated(resources: RawToCuratedResources): Definition {
  const object = {
    run_id: jsonata("$run_id"),
    bucket: jsonata("$bucket"),
    key: jsonata("$key"),
    table: jsonata("$file.table"),
    source: jsonata("$file.source"),
    etag: jsonata("$file.etag"),
    arrived_at: jsonata("$file.arrived_at"),
  };
  const record = (attributes: Parameters<typeof setAttributes>[1]) =>
    setAttributes(
      { table: resources.runsTable, name: "run_id", value: runId },
      {
        workflow: { S: "raw-to-curated" },
        execution: { S: jsonata("$states.context.Execution.Id") },
        object: { S: jsonata("'s3://' & $bucket & '/' & $key") },
        started_at: { S: jsonata("$states.context.Execution.StartTime") },
        ...attributes,
      },
    );
  // Written again between the look and the read: look again. Its own event, if it is to come, then changes nothing.
  const replaced = { ErrorEquals: [ErrorNames.ObjectChanged], Next: "Inspect" } as const;
  const summary = { Assign: { summary: jsonata("$states.result.Payload") }, Next: "AnyRowRejected" } as const;

  return define(
    {
      comment: "One raw object becomes curated, pending and quarantined rows; every row is accounted for",
      timeoutSeconds: 2 * resources.glueSeconds,
      startAt: "Accept",
    },
    {
      Accept: {
        Type: "Pass",
        Comment: "Keep the input in variables: an event of S3, or an object named by hand",
        Assign: {
          run_id: jsonata("$states.context.Execution.Name"),
          bucket: jsonata(
            "$exists($states.input.detail) ? $states.input.detail.bucket.name : $states.input.bucket",
          ),
          key: jsonata("$exists($states.input.detail) ? $states.input.detail.object.key : $states.input.key"),
          table: jsonata("$exists($states.input.table) ? $states.input.table : null"),
        },
        Next: "Inspect",
      },
      Inspect: {
        ...invoke,
        Comment: "Read the footer only: rows, bytes, and the columns against the contract",
        Arguments: {
          FunctionName: resources.inspect,
          Payload: {
            run_id: jsonata("$run_id"),
            bucket: jsonata("$bucket"),
            key: jsonata("$key"),
            table: jsonata("$table"),
          },
        },
        TimeoutSeconds: 120,
        Assign: { file: jsonata("$states.result.Payload") },
        Next: "Route",
      },
      Route: {
        Type: "Choice",
        Comment: "By schema and size: refuse the file whole, or choose the engine",
        Choices: [
          { Condition: jsonata("$file.route = 'quarantine'"), Next: "QuarantineFile" },
          { Condition: jsonata("$file.route = 'glue'"), Next: "PlanRefine" },
        ],
        Default: "RefineInLambda",
      },

      QuarantineFile: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:s3:putObject",
        Comment:
          "The manifest says why; the file stays in raw, where unmasked card numbers are allowed to be",
        Arguments: {
          Bucket: jsonata("$file.manifest.bucket"),
          Key: jsonata("$file.manifest.key"),
          Body: jsonata("$file.manifest.body"),
          ContentType: "application/json",
        },
        TimeoutSeconds: 60,
        Retry: [retryS3],
        Next: "NotifyFileRefused",
      },
      NotifyFileRefused: {
        ...publish,
        Arguments: {
          TopicArn: resources.dataTopic,
          Subject: "Penstock: a file was refused",
          Message: jsonata(
            "$string({ 'run_id': $run_id, 'object': 's3://' & $bucket & '/' & $key, 'table': $file.table, 'reason': $file.reason, 'detail': $file.detail, 'rows': $file.rows })",
          ),
        },
        Next: "RecordFileRefused",
      },
      RecordFileRefused: {
        ...updateItem,
        Arguments: record({
          status: { S: "REFUSED" },
          table: { S: jsonata("$file.table = null ? 'unknown' : $file.table") },
          reason: { S: jsonata("$file.reason") },
          detail: { S: jsonata("$file.detail") },
          rows_in: { N: jsonata("$string($file.rows = null ? 0 : $file.rows)") },
        }),
        Output: { status: "REFUSED", reason: jsonata("$file.reason"), detail: jsonata("$file.detail") },
        Next: "FileRefused",
      },
      FileRefused: { Type: "Succeed" },

      RefineInLambda: {
        ...invoke,
        Comment: "DuckDB on one machine; what turns out to be too much for it goes to Glue",
        Arguments: { FunctionName: resources.refine, Payload: object },
        TimeoutSeconds: resources.refineSeconds + 30,
        Retry: [retryLambda, retryBusyObject],
        Catch: [
          {
            ErrorEquals: tooMuchForLambda,
            Next: "PlanRefine",
          },
          replaced,
        ],
        ...summary,
      },
      PlanRefine: {
        ...invoke,
        Comment: "Write down the same SQL in Spark's dialect for the generic job",
        Arguments: { FunctionName: resources.planRefine, Payload: object },
        TimeoutSeconds: 120,
        Catch: [replaced],
        Assign: { plan: jsonata("$states.result.Payload") },
        Next: "RefineOnGlue",
      },
      RefineOnGlue: {
        Type: "Task",
        Resource: "arn:aws:states:::glue:startJobRun.sync",
        Arguments: { JobName: resources.glueJob, Arguments: { "--plan": jsonata("$plan.plan") } },
        TimeoutSeconds: resources.glueSeconds,
        Retry: [retryGlueQueue, retryGlue],
        Next: "FinishRefine",
      },
      FinishRefine: {
        ...invoke,
        Comment: "Check the balance of what the job wrote, and put it in place",
        Arguments: {
          FunctionName: resources.finishRefine,
          Payload: { ...object, result: jsonata("$plan.result") },
        },
        TimeoutSeconds: resources.refineSeconds + 30,
        Retry: [retryLambda, retryBusyObject],
        Catch: [replaced],
        ...summary,
      },

      AnyRowRejected: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$summary.quarantined > 0"), Next: "NotifyRowsRejected" }],
        Default: "RecordRun",
      },
      NotifyRowsRejected: {
        ...publish,
        Arguments: {
          TopicArn: resources.dataTopic,
          Subject: "Penstock: rows were rejected",
          Message: jsonata(
            `$string({ 'run_id': $run_id, 'object': 's3://' & $bucket & '/' & $key, 'table': $file.table, 'rows_in': $summary.rows_in, 'rejected': $summary.quarantined, 'by_rule': $summary.by_rule, 'quarantine': $summary.uris.quarantine, 'over_limit': $summary.rejected_fraction > ${resources.rejectedAlarm} })`,
          ),
        },
        Next: "RecordRun",
      },
      RecordRun: {
        ...updateItem,
        Arguments: record({
          status: { S: "SUCCEEDED" },
          table: { S: jsonata("$file.table") },
          rows_in: { N: jsonata("$string($summary.rows_in)") },
          curated: { N: jsonata("$string($summary.curated)") },
          duplicates: { N: jsonata("$string($summary.duplicates)") },
          pending: { N: jsonata("$string($summary.pending)") },
          quarantined: { N: jsonata("$string($summary.quarantined)") },
          masked: { N: jsonata("$string($summary.masked)") },
          by_rule: { S: jsonata("$string($summary.by_rule)") },
          over_rejection_limit: { BOOL: jsonata(`$summary.rejected_fraction > ${resources.rejectedAlarm}`) },
        }),
        Output: jsonata("$merge([{ 'status': 'SUCCEEDED' }, $summary])"),
        Next: "Refined",
      },
      Refined: { Type: "Succeed" },
    },
  );
}
