import { key, keyThrough } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import { roleFor } from "./lib/policy.ts";
import { artifacts, audit, curated, features, marts, raw } from "./storage.ts";

/** Where a table can be looked up by something else than its key. */
interface Index {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
}

function table(
  name: string,
  hashKey: string,
  { rangeKey, ttl, indexes = [] }: { rangeKey?: string; ttl?: string; indexes?: readonly Index[] } = {},
): aws.dynamodb.Table {
  const keys = [hashKey, rangeKey, ...indexes.flatMap((index) => [index.hashKey, index.rangeKey])];
  return new aws.dynamodb.Table(name, {
    name: named(name),
    billingMode: "PAY_PER_REQUEST",
    hashKey,
    ...(rangeKey !== undefined && { rangeKey }),
    attributes: [...new Set(keys)].flatMap((key) => (key === undefined ? [] : [{ name: key, type: "S" }])),
    ...(indexes.length > 0 && {
      globalSecondaryIndexes: indexes.map((index) => ({ ...index, projectionType: "ALL" })),
    }),
    serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: settings.protect,
    ...(ttl !== undefined && { ttl: { enabled: true, attributeName: ttl } }),
  });
}

/** One record per execution, by machine and execution. */
export const runs = table("Runs", "run_id");

/** Which build is current: of the marts, and of each system. */
export const builds = table("Builds", "system");

/** Leases on objects, on the reconcile pass, on builds and on people. Those on objects and people go away by themselves. */
export const locks = table("Locks", "name", { ttl: "until" });

/** The features of users and of products that are looked up one by one; what nothing refreshes goes away by itself. */
export const onlineFeatures = {
  user: table("user_features", "id", { ttl: "expires_at" }),
  item: table("item_features", "id", { ttl: "expires_at" }),
} as const;

/** Who there is by an opaque id, and which keyed hash of an address leads to it. */
export const people = table("People", "id");

/** What became of each export of a person. */
export const dnaFiles = table("DnaFiles", "user", { rangeKey: "file" });

/** Products, what was found out about each, and its campaign. */
export const products = table("products", "product_id", {
  indexes: [{ name: "by_user", hashKey: "user_id", rangeKey: "upload_timestamp" }],
});

/** Pictures that were asked for, and what became of them; a record goes away, its picture stays. */
export const generatedImages = table("generated_images", "request_id", {
  ttl: "expires_at",
  indexes: [{ name: "by_user", hashKey: "user_id", rangeKey: "created_at" }],
});

/** Videos that were found for a query, and campaigns that answer equal requests, for a day. */
export const campaignCache = table("CampaignCache", "key", { ttl: "until" });

/** How much of what they may each user has had. */
export const rateLimits = table("RateLimits", "bucket", { ttl: "until" });

/** The generic job: reads a plan (SQL in Spark's dialect, inputs, outputs) and carries it out. */
const script = new aws.s3.BucketObjectv2("RunPlanScript", {
  bucket: artifacts.name,
  key: "scripts/run_plan.py",
  source: new $util.asset.FileAsset("packages/runtime/src/spark/run_plan.py"),
  contentType: "text/x-python",
});

const jobName = named("run-plan");
const jobLogs = new aws.cloudwatch.LogGroup("PlanJobLogs", {
  name: `/aws-glue/jobs/${jobName}`,
  retentionInDays: settings.retention.logDays,
  kmsKeyId: key.arn,
});

const jobRole = roleFor("PlanJobRole", "glue", {
  account,
  physicalName: named("run-plan-job"),
  grants: [
    {
      actions: ["s3:GetObject"],
      resources: [raw, curated].map((bucket) => $interpolate`${bucket.arn}/*`),
    },
    { actions: ["s3:GetObject"], resources: [$interpolate`${audit.arn}/violations/*`] },
    // Rows of interactions as they were landed; the catalogue's lie beside the plan.
    { actions: ["s3:GetObject"], resources: [$interpolate`${features.arn}/landed/*`] },
    { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/${script.key}`] },
    // Spark commits its files by way of temporary ones, which it deletes.
    {
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: [
        $interpolate`${artifacts.arn}/refine/*`,
        $interpolate`${artifacts.arn}/marts/*`,
        $interpolate`${marts.arn}/*`,
        $interpolate`${features.arn}/plans/*`,
        $interpolate`${features.arn}/clean/*`,
      ],
    },
    {
      actions: ["s3:ListBucket"],
      resources: [raw, curated, audit, artifacts, marts, features].map((bucket) => bucket.arn),
    },
    keyThrough("s3"),
    // With a security configuration Glue makes log groups of its own beside ours, named after it, and seals them.
    {
      actions: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [arn("logs", "log-group:/aws-glue/jobs*")],
    },
    // CloudWatch defines PutMetricData on `*` only; the namespace narrows it.
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: [{ test: "StringEquals", variable: "cloudwatch:namespace", values: ["Glue"] }],
    },
  ],
});

/** What Glue writes by itself is sealed with our key too. */
export const glueSecurity = new aws.glue.SecurityConfiguration("GlueSecurity", {
  name: named("glue"),
  encryptionConfiguration: {
    cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
    jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: key.arn },
    s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
  },
});

/** Runs plans over what is too much for one machine: raw objects to refine, curated rows to build marts of, interactions to clean. */
export const planJob = new aws.glue.Job("PlanJob", {
  name: jobName,
  description: "Runs a plan over objects that are too large for one machine",
  roleArn: jobRole.arn,
  glueVersion: settings.glue.version,
  workerType: settings.glue.workerType,
  numberOfWorkers: settings.glue.workers,
  executionProperty: { maxConcurrentRuns: settings.glue.maxConcurrentRuns },
  timeout: settings.glue.timeoutMinutes,
  // Step Functions retries, by the error's name.
  maxRetries: 0,
  securityConfiguration: glueSecurity.name,
  command: {
    name: "glueetl",
    pythonVersion: "3",
    scriptLocation: $interpolate`s3://${script.bucket}/${script.key}`,
  },
  defaultArguments: {
    "--job-language": "python",
    "--job-bookmark-option": "job-bookmark-disable",
    "--enable-metrics": "true",
    "--enable-continuous-cloudwatch-log": "true",
    "--continuous-log-logGroup": jobLogs.name,
    "--TempDir": $interpolate`s3://${artifacts.name}/refine/temporary/`,
  },
});
