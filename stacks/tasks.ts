import runtime from "../packages/runtime/package.json" with { type: "json" };
import { keyThrough } from "./encryption.ts";
import { locks } from "./lake.ts";
import { settings } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { artifacts, audit, curated, pending, quarantine, raw } from "./storage.ts";

/** What every task of the lake knows. Values only: a link with permissions would grant `s3:*`. */
const lake = new sst.Linkable("Lake", {
  properties: {
    raw: raw.name,
    curated: curated.name,
    pending: pending.name,
    quarantine: quarantine.name,
    audit: audit.name,
    artifacts: artifacts.name,
    locksTable: locks.name,
    lambdaMaxBytes: settings.engine.lambdaMaxBytes,
    parentKeysMaxBytes: settings.engine.parentKeysMaxBytes,
    pendingDays: settings.pendingDays,
    memoryMb: settings.engine.duckdbMemoryMb,
  },
});

const link = [lake];
// Native code and WebAssembly cannot be bundled. At the versions that are tested: SST looks for them in the handler's
// own package, and would install the newest.
const install = {
  "@duckdb/node-api": runtime.dependencies["@duckdb/node-api"],
  "@polyglot-sql/sdk": runtime.dependencies["@polyglot-sql/sdk"],
};

const objects = (bucket: sst.aws.Bucket, actions: readonly string[], keys = "*"): Grant => ({
  actions,
  resources: [$interpolate`${bucket.arn}/${keys}`],
});
// Without it S3 answers 403 instead of 404 for an object that is not there.
const list = (...buckets: readonly sst.aws.Bucket[]): Grant => ({
  actions: ["s3:ListBucket"],
  resources: buckets.map((bucket) => bucket.arn),
});
const leases: Grant = {
  actions: ["dynamodb:DeleteItem", "dynamodb:PutItem"],
  resources: [locks.arn],
};
const READ = ["s3:GetObject"];
// Large objects go up in parts; an upload that fails is aborted.
const WRITE = ["s3:AbortMultipartUpload", "s3:PutObject"];
const REWRITE = ["s3:DeleteObject", ...READ, ...WRITE];

const small = { ...settings.smallLambda, link };
const large = { ...settings.lambda, link };

export const inspect = task("Inspect", {
  ...small,
  description: "Reads a raw object's footer and decides: Lambda, Glue, or refuse the file",
  handler: "packages/lake/src/tasks/inspect.handler",
  install,
  grants: [objects(raw, READ), list(raw), keyThrough("s3")],
});

const refineGrants: readonly Grant[] = [
  objects(raw, READ),
  objects(curated, REWRITE),
  objects(pending, REWRITE),
  objects(quarantine, REWRITE, "rows/*"),
  objects(audit, WRITE),
  list(raw, curated, pending, quarantine),
  leases,
  keyThrough("s3", "dynamodb"),
];

export const refine = task("Refine", {
  ...large,
  description: "Raw object to curated, pending and quarantined rows",
  handler: "packages/lake/src/tasks/refine.handler",
  install,
  grants: refineGrants,
});

export const planRefine = task("PlanRefine", {
  ...small,
  description: "Writes the plan by which Glue refines an object that is too large for Lambda",
  handler: "packages/lake/src/tasks/plan-refine.handler",
  install,
  grants: [
    objects(raw, READ),
    objects(curated, READ),
    objects(artifacts, WRITE, "refine/*"),
    list(raw, curated),
    keyThrough("s3"),
  ],
});

export const finishRefine = task("FinishRefine", {
  ...large,
  description: "Checks the balance of what Glue wrote and puts it in place",
  handler: "packages/lake/src/tasks/finish-refine.handler",
  install,
  grants: [...refineGrants, objects(artifacts, READ, "refine/*"), list(artifacts)],
});

export const reconcile = task("Reconcile", {
  ...large,
  description: "Releases pending rows, deduplicates across objects, checks rules over several tables",
  handler: "packages/lake/src/tasks/reconcile.handler",
  install,
  grants: [
    objects(curated, REWRITE),
    objects(pending, REWRITE),
    objects(quarantine, REWRITE, "expired/*"),
    objects(audit, REWRITE),
    list(curated, pending, quarantine, audit),
    leases,
    keyThrough("s3", "dynamodb"),
  ],
});
