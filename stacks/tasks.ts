import { keyThrough } from "./encryption.ts";
import { locks } from "./lake.ts";
import { list, objects, PUT, READ, REMOVE, UPLOAD } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sqlPackages } from "./lib/native-packages.ts";
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
const install = sqlPackages;

const leases: Grant = {
  actions: ["dynamodb:DeleteItem", "dynamodb:PutItem"],
  resources: [locks.arn],
};
const small = { ...settings.smallLambda, link, install };
const large = { ...settings.lambda, link, install };

export const inspect = task("Inspect", {
  ...small,
  description: "Reads a raw object's footer and decides: Lambda, Glue, or refuse the file",
  handler: "packages/lake/src/tasks/inspect.handler",
  grants: [objects(raw, READ), list(raw), keyThrough("s3 read")],
});

/** To put a refined object's rows and numbers in place, whichever engine made them. */
const place: readonly Grant[] = [
  objects(curated, UPLOAD),
  objects(pending, [...REMOVE, ...UPLOAD]),
  objects(quarantine, [...REMOVE, ...UPLOAD], "rows/"),
  objects(quarantine, REMOVE, "expired/"),
  objects(audit, PUT, "metrics/"),
  objects(audit, PUT, "audit/raw-to-curated/"),
  list(quarantine),
  leases,
  keyThrough("dynamodb", "s3"),
];

export const refine = task("Refine", {
  ...large,
  description: "Raw object to curated, pending and quarantined rows",
  handler: "packages/lake/src/tasks/refine.handler",
  // Of curated objects it reads those of the parents.
  grants: [objects(raw, READ), objects(curated, READ), list(raw, curated), ...place],
});

export const planRefine = task("PlanRefine", {
  ...small,
  description: "Writes the plan by which Glue refines an object that is too large for Lambda",
  handler: "packages/lake/src/tasks/plan-refine.handler",
  grants: [objects(raw, READ), objects(artifacts, PUT, "refine/"), list(raw, curated), keyThrough("s3")],
});

export const finishRefine = task("FinishRefine", {
  ...large,
  description: "Checks the balance of what Glue wrote and puts it in place",
  handler: "packages/lake/src/tasks/finish-refine.handler",
  grants: [objects(raw, READ), objects(artifacts, READ, "refine/"), list(raw, artifacts), ...place],
});

export const reconcile = task("Reconcile", {
  ...large,
  description: "Releases pending rows, deduplicates across objects, checks rules over several tables",
  handler: "packages/lake/src/tasks/reconcile.handler",
  grants: [
    objects(curated, [...READ, ...UPLOAD]),
    objects(pending, [...READ, ...REMOVE, ...UPLOAD]),
    objects(quarantine, [...READ, ...UPLOAD], "expired/"),
    objects(audit, [...READ, ...UPLOAD], "violations/"),
    objects(audit, PUT, "audit/reconcile/"),
    list(curated, pending, quarantine, audit),
    leases,
    keyThrough("dynamodb", "s3"),
  ],
});
