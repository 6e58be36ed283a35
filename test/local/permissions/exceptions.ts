import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";
import { dnaExceptions } from "./dna-exceptions.ts";

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
    owner: /-run-plan-job$/,
    resource: /\/scripts\/run_plan\.py$/,
  },
  {
    why: "Spark lists what it reads, writes to a temporary place, reads it back and deletes it; DuckDB does none of that",
    source: "https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-s3-optimized-committer.html",
    actions: ["s3:DeleteObject", "s3:ListBucket"],
    owner: /-run-plan-job$/,
    resource: /^arn:aws:s3:::/,
  },
  {
    why: "Spark reads the footers of the marts and clean rows that it has written, to tell their rows",
    source: "https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-s3-optimized-committer.html",
    actions: ["s3:GetObject"],
    owner: /-run-plan-job$/,
    resource: /martsdatabucket|featuresdatabucket-\w+\/clean\//,
  },
  {
    why: "A crawler reads objects, updates partitions and tables that changed, and looks at its database; here it lists and adds",
    source: "https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html",
    actions: ["glue:GetDatabase", "glue:UpdatePartition", "glue:UpdateTable", "kms:Decrypt", "s3:GetObject"],
    owner: /-crawler$/,
    resource: /^arn:aws:(glue|kms|s3):/,
  },
  {
    why: "A crawler asks for many partitions at once",
    source: "https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html",
    actions: ["glue:BatchGetPartition"],
    owner: /-crawler$/,
    resource: /^arn:aws:glue:/,
  },
  {
    why: "Glue writes the crawler's log, sealed by its security configuration, with the crawler's role",
    source: "https://docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html",
    actions: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    owner: /-crawler$/,
    resource: /:log-group:\/aws-glue\/crawlers\*$/,
  },
  {
    why: "Step Functions stops a query, or an execution that it waits for, when its own execution is stopped",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html",
    actions: ["athena:StopQueryExecution", "states:StopExecution"],
    owner: /-(curated-to-prod|feature-pipeline)-machine$/,
    resource: /^arn:aws:(athena|states):/,
  },
  {
    why: "A Distributed Map looks at its children, and redrives them with the execution that they belong to",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html",
    actions: ["states:DescribeExecution", "states:RedriveExecution"],
    owner: /-feature-pipeline-machine$/,
    resource: /:execution:/,
  },
  {
    why: "Athena writes what is unloaded in parts, and aborts them when the query fails, with the caller's rights",
    source: "https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    actions: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    owner: /-feature-pipeline-machine$/,
    resource: /featuresdatabucket-\w+\/(features|training)\/\*$/,
  },
  {
    why: "The copilot stops a query that takes too long",
    source: "https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html",
    actions: ["athena:StopQueryExecution"],
    owner: /-Api-task$/,
    resource: /^arn:aws:athena:/,
  },
  {
    why: "Firehose looks at its bucket, writes large objects in parts and opens what it has sealed; here it puts small ones",
    source: "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
    actions: [
      "kms:Decrypt",
      "s3:AbortMultipartUpload",
      "s3:GetBucketLocation",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
    ],
    owner: /-interactions-delivery$/,
    resource: /^arn:aws:(kms|s3):/,
  },
  {
    why: "Firehose logs what it could not deliver with its role; here the cloud tells of it",
    source: "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html",
    actions: ["logs:PutLogEvents"],
    owner: /-interactions-delivery$/,
    resource: /:log-group:\/aws\/kinesisfirehose\//,
  },
  {
    why: "Athena looks its catalogue and databases up with the caller's rights, before it looks at a table",
    source: "https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html",
    actions: ["athena:GetDataCatalog", "glue:GetDatabase"],
    owner: /-(Api-task|(curated-to-prod|feature-pipeline)-machine)$/,
    resource: /^arn:aws:(athena|glue):/,
  },
  {
    why: "Athena may look up single partitions with the caller's rights, where here it lists them",
    source: "https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html",
    actions: ["glue:BatchGetPartition", "glue:GetPartition"],
    owner: /-(Api-task|(curated-to-prod|feature-pipeline)-machine)$/,
    resource: /^arn:aws:glue:/,
  },
  {
    why: "on-failure starts another execution when somebody asked during the one that failed; here nobody does",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
    actions: ["states:StartExecution"],
    owner: /-on-failure-machine$/,
    resource: /^arn:aws:states:/,
  },
  ...dnaExceptions,
  {
    why: "Athena asks where the buckets are with the caller's rights",
    source: "https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    actions: ["s3:GetBucketLocation"],
    owner: /-(Api-task|(curated-to-prod|feature-pipeline)-machine)$/,
    resource: /^arn:aws:s3:::/,
  },
  {
    why: "Athena lists the results' bucket, and writes and reads results in parts, with the caller's rights",
    source: "https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:ListMultipartUploadParts"],
    owner: /-(Api-task|(curated-to-prod|feature-pipeline)-machine)$/,
    resource: /queryresultsbucket/,
  },
  {
    why: "To be told that a report is gone, and not that it is forbidden; none is asked for that is gone",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
    actions: ["s3:ListBucket"],
    owner: /-Api-task$/,
    resource: /databucket-\w+$/,
  },
  {
    why: "An inference profile passes a request on to the model in any of its regions; here it is asked in one",
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    actions: ["bedrock:InvokeModel"],
    owner:
      /-(Api|CategoriseChunk|SynthesiseCampaign|UnderstandMarket|UpdatePersona)-task$|-campaign-machine$/,
    resource: /:foundation-model\//,
  },

  {
    why: "Glue writes the job's log, sealed by its security configuration, with the job's role",
    source: "https://docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html",
    actions: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    owner: /-run-plan-job$/,
    resource: /:log-group:\/aws-glue\/jobs\*$/,
  },
  {
    why: "Glue sends the job's metrics with the job's role",
    source: "https://docs.aws.amazon.com/glue/latest/dg/monitoring-awsglue-with-cloudwatch-metrics.html",
    actions: ["cloudwatch:PutMetricData"],
    owner: /-run-plan-job$/,
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
