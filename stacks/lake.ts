import { key, keyThrough } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import { roleFor } from "./lib/policy.ts";
import { artifacts, curated, pending, quarantine, raw } from "./storage.ts";

function table(name: string, hashKey: string, ttl?: string): aws.dynamodb.Table {
  return new aws.dynamodb.Table(name, {
    name: named(name),
    billingMode: "PAY_PER_REQUEST",
    hashKey,
    attributes: [{ name: hashKey, type: "S" }],
    serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: settings.protect,
    ...(ttl !== undefined && { ttl: { enabled: true, attributeName: ttl } }),
  });
}

/** One record per execution, by machine and execution. */
export const runs = table("Runs", "run_id");

/** Leases on objects and on the reconcile pass. What nobody gave back goes away by itself. */
export const locks = table("Locks", "name", "expires_at");

/** The generic job: reads a plan (SQL in Spark's dialect, inputs, outputs) and carries it out. */
const script = new aws.s3.BucketObjectv2("RunPlanScript", {
  bucket: artifacts.name,
  key: "scripts/run_plan.py",
  source: new $util.asset.FileAsset("packages/runtime/src/spark/run_plan.py"),
  contentType: "text/x-python",
});

const jobName = named("refine");
const jobLogs = new aws.cloudwatch.LogGroup("RefineJobLogs", {
  name: `/aws-glue/jobs/${jobName}`,
  retentionInDays: settings.retention.logDays,
  kmsKeyId: key.arn,
});

const jobRole = roleFor("RefineJobRole", "glue", {
  account,
  source: arn("glue", `job/${jobName}`),
  physicalName: named("refine-job"),
  grants: [
    { actions: ["s3:GetObject"], resources: [$interpolate`${raw.arn}/*`] },
    {
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: [curated, pending, quarantine].map((bucket) => $interpolate`${bucket.arn}/*`),
    },
    {
      actions: ["s3:GetObject"],
      resources: [$interpolate`${artifacts.arn}/plans/*`, $interpolate`${artifacts.arn}/${script.key}`],
    },
    { actions: ["s3:PutObject"], resources: [$interpolate`${artifacts.arn}/plans/*`] },
    {
      actions: ["s3:ListBucket"],
      resources: [raw, curated, pending, quarantine, artifacts].map((bucket) => bucket.arn),
    },
    keyThrough("s3"),
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [$interpolate`${jobLogs.arn}:*`],
    },
    // CloudWatch defines PutMetricData on `*` only; the namespace narrows it.
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: [{ test: "StringEquals", variable: "cloudwatch:namespace", values: ["Glue"] }],
    },
  ],
});

const jobSecurity = new aws.glue.SecurityConfiguration("RefineJobSecurity", {
  name: jobName,
  encryptionConfiguration: {
    cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
    jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: key.arn },
    s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
  },
});

export const refineJob = new aws.glue.Job("RefineJob", {
  name: jobName,
  description: "Refines a raw object that is too large for one machine",
  roleArn: jobRole.arn,
  glueVersion: settings.glue.version,
  workerType: settings.glue.workerType,
  numberOfWorkers: settings.glue.workers,
  executionProperty: { maxConcurrentRuns: settings.glue.maxConcurrentRuns },
  timeout: settings.glue.timeoutMinutes,
  // Step Functions retries, by the error's name.
  maxRetries: 0,
  securityConfiguration: jobSecurity.name,
  command: {
    name: "glueetl",
    pythonVersion: "3",
    scriptLocation: $interpolate`s3://${script.bucket}/${script.key}`,
  },
  defaultArguments: {
    "--job-language": "python",
    "--enable-metrics": "true",
    "--enable-continuous-cloudwatch-log": "true",
    "--continuous-log-logGroup": jobLogs.name,
    "--TempDir": $interpolate`s3://${artifacts.name}/plans/temporary/`,
  },
});
