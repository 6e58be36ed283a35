import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";

/** Grants that nothing here needs, and AWS does. */
export interface Exception {
  readonly why: string;
  /** The page of AWS's documentation that demands them. */
  readonly source: string;
  readonly actions: readonly string[];
  /** Of whom: by the role's name or the resource's ARN. */
  readonly owner: RegExp;
  readonly resource: RegExp;
}

const logDelivery = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/** What remains of the program's grants when everything was run once. One that turns out to be needed goes out again. */
export const exceptions: readonly Exception[] = [
  {
    why: "Lambda writes a function's log with the function's role; here the log is a file",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    owner: /-task$/,
    resource: /:log-group:\/aws\/lambda\/[\w-]+:\*$/,
  },
  {
    why: "Lambda sends traces with the function's role; here is no X-Ray",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    owner: /-task$/,
    resource: /^\*$/,
  },
  {
    why: "Step Functions sends traces with the machine's role",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",
    actions: [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ],
    owner: /-machine$/,
    resource: /^\*$/,
  },
  {
    why: "Step Functions sets up the delivery to the machine's log group with the machine's role",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
    actions: logDelivery,
    owner: /-machine$/,
    resource: /^\*$/,
  },
  {
    why: "Step Functions stops a job whose execution was stopped, and looks through the runs when it lost one",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html",
    actions: ["glue:BatchStopJobRun", "glue:GetJobRuns"],
    owner: /-machine$/,
    resource: /:job\//,
  },
  {
    why: "An upload in parts that fails is aborted, or its parts stay and are billed; none fails here",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html",
    actions: ["s3:AbortMultipartUpload"],
    owner: /-task$/,
    resource: /^arn:aws:s3:::/,
  },
  {
    why: "Glue loads the job's script with the job's role; here the job is a program of its own",
    source: "https://docs.aws.amazon.com/glue/latest/dg/create-an-iam-role.html",
    actions: ["s3:GetObject"],
    owner: /-refine-job$/,
    resource: /\/scripts\/run_plan\.py$/,
  },
  {
    why: "Spark lists what it reads, writes to a temporary place and deletes that; DuckDB does neither",
    source: "https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-s3-optimized-committer.html",
    actions: ["s3:DeleteObject", "s3:ListBucket"],
    owner: /-refine-job$/,
    resource: /^arn:aws:s3:::/,
  },
  {
    why: "Glue writes the job's log, sealed by its security configuration, with the job's role",
    source: "https://docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html",
    actions: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    owner: /-refine-job$/,
    resource: /:log-group:\/aws-glue\/jobs\*$/,
  },
  {
    why: "Glue sends the job's metrics with the job's role",
    source: "https://docs.aws.amazon.com/glue/latest/dg/monitoring-awsglue-with-cloudwatch-metrics.html",
    actions: ["cloudwatch:PutMetricData"],
    owner: /-refine-job$/,
    resource: /^\*$/,
  },
  {
    why: "Alarms publish to the topics; here are no alarms",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    actions: ["sns:Publish"],
    owner: /^arn:aws:sns:/,
    resource: /^arn:aws:sns:/,
  },
  {
    why: "Without administrators a key can never be changed or deleted again; the resources that it seals are made with it",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    actions: [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:CreateGrant",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:Encrypt",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ],
    owner: /^arn:aws:kms:/,
    resource: /^\*$/,
  },
  {
    why: "CloudWatch Logs seals the log groups with the key in its own name",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    owner: /^arn:aws:kms:/,
    resource: /^\*$/,
  },
];

/** Whether an exception speaks of a grant. */
export function covers({ actions, owner, resource }: Exception, grant: Grant): boolean {
  return actions.includes(grant.action) && owner.test(grant.owner) && resource.test(grant.resource);
}
