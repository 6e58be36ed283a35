import { catalogueArns } from "./analytics-catalog.ts";
import { keyThrough } from "./encryption.ts";
import { featuresCatalogue } from "./features-catalog.ts";
import { builds, locks, onlineFeatures } from "./lake.ts";
import { list, objects, PUT, READ, REMOVE, UPLOAD } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sqlPackages } from "./lib/native-packages.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { curated, features, interactions } from "./storage.ts";

const own = settings.features;

/** What every task of the feature pipeline knows. Values only: a link with permissions would grant `s3:*`. */
export const link = new sst.Linkable("Features", {
  properties: {
    interactions: interactions.name,
    features: features.name,
    curated: curated.name,
    lookBackDays: own.lookBackDays,
    maxDays: own.maxDays,
    landMaxBytes: own.landMaxBytes,
    clockSkewMinutes: own.clockSkewMinutes,
    arrivals: own.arrivals,
    validation: own.validation,
    bots: own.bots,
    maxRemoved: own.maxRemoved,
    database: featuresCatalogue.database.name,
    buildsTable: builds.name,
    locksTable: locks.name,
    online: {
      tables: { user: onlineFeatures.user.name, item: onlineFeatures.item.name },
      days: own.online.days,
      sliceRows: own.online.sliceRows,
      leaseSeconds: own.online.leaseSeconds,
      sample: own.online.sample,
    },
    drift: own.drift,
    oneFunction: own.oneFunction,
    rawDays: settings.retention.rawDays,
    featureDays: settings.retention.featureDays,
    memoryMb: own.duckdbMemoryMb,
  },
});

const { timeoutSeconds } = settings.lambda;
const moves = { ...settings.lambda, link: [link], install: sqlPackages };
/** Those that look, decide and register: no rows go through them but a few. */
const looks = { memoryMb: 1024, timeoutSeconds, link: [link], install: sqlPackages };

const readPlan = objects(features, READ, "plans/");
const pointers = (...actions: string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [builds.arn],
});
const online = (...actions: string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: Object.values(onlineFeatures).map((table) => table.arn),
});
const catalogue = (...actions: string[]): Grant => ({
  actions: actions.map((action) => `glue:${action}`),
  resources: catalogueArns(featuresCatalogue.database),
});
const handler = (name: string) => `packages/features/src/tasks/${name}.handler`;

export const syncCatalogue = task("SyncCatalogue", {
  ...moves,
  description: "Products and users as curated now become the catalogue's snapshot of a day",
  handler: handler("sync-catalogue"),
  grants: [
    objects(curated, READ),
    objects(interactions, UPLOAD, "products/"),
    objects(interactions, UPLOAD, "users/"),
    objects(features, PUT, "catalogue_digests/"),
    list(curated, interactions, features),
    keyThrough("s3"),
  ],
});

export const planFeatures = task("PlanFeatures", {
  ...looks,
  description: "Finds the days of a run, and which of them have other raw objects than were landed",
  handler: handler("plan-features"),
  grants: [
    list(interactions, features),
    objects(features, READ, "_manifests/"),
    objects(features, PUT, "plans/"),
    pointers("GetItem"),
    keyThrough("dynamodb", "s3"),
  ],
});

/** Called by `penstock undeliverable`, wherever the stage is. */
export const undeliverable = task("Undeliverable", {
  ...moves,
  description: "Tells what Firehose put aside, and puts what names its day there",
  handler: handler("undeliverable"),
  grants: [
    objects(interactions, [...READ, ...REMOVE, ...UPLOAD], "undeliverable/"),
    objects(interactions, UPLOAD, "interactions/"),
    list(interactions),
    keyThrough("s3"),
  ],
});

export const checkArrivals = task("CheckArrivals", {
  ...looks,
  description: "Compares what arrived of each day with the day before it",
  handler: handler("check-arrivals"),
  grants: [readPlan, list(features), keyThrough("s3 read")],
});

export const landInteractions = task("LandInteractions", {
  ...moves,
  description: "Lines of JSON to typed rows, and to quarantine with their reasons",
  handler: handler("land-interactions"),
  grants: [
    readPlan,
    objects(interactions, READ, "interactions/"),
    objects(features, UPLOAD, "landed/"),
    objects(features, UPLOAD, "quarantine/"),
    list(interactions, features),
    keyThrough("s3"),
  ],
});

export const judgeValidation = task("JudgeValidation", {
  ...moves,
  description:
    "Counts what is wrong with landed interactions, and writes the report and the plan of cleaning",
  handler: handler("judge-validation"),
  grants: [
    readPlan,
    objects(interactions, READ, "products/"),
    objects(interactions, READ, "users/"),
    objects(features, READ, "landed/"),
    objects(features, UPLOAD, "plans/"),
    objects(features, PUT, "validation_reports/"),
    ...["quarantine/products/", "quarantine/users/"].map((folder) => objects(features, UPLOAD, folder)),
    objects(features, PUT, "catalogue_digests/"),
    list(interactions, features),
    keyThrough("s3"),
  ],
});

export const catalogueCandidate = task("CatalogueCandidate", {
  ...looks,
  description:
    "Registers the clean rows of all days as one snapshot, and writes the queries of features over it",
  handler: handler("catalogue-candidate"),
  grants: [
    readPlan,
    ...["_manifests/", "validation_reports/"].map((folder) => objects(features, READ, folder)),
    objects(features, PUT, "plans/"),
    list(features),
    catalogue("BatchCreatePartition", "BatchDeletePartition", "GetPartitions", "GetTable"),
    keyThrough("s3"),
  ],
});

export const profileFeatures = task("ProfileFeatures", {
  ...moves,
  description: "Completeness, distribution and drift of features, against those that were accepted last",
  handler: handler("profile-features"),
  grants: [
    readPlan,
    ...["_manifests/", "clean/", "features/"].map((folder) => objects(features, READ, folder)),
    objects(features, PUT, "profiles/"),
    list(features),
    catalogue("BatchCreatePartition", "BatchDeletePartition", "GetPartitions", "GetTable"),
    keyThrough("s3"),
  ],
});

export const publishOnline = task("PublishOnline", {
  ...looks,
  description: "Pieces of features into the online store, where nothing newer is",
  handler: handler("publish-online"),
  grants: [
    readPlan,
    objects(features, READ, "features/"),
    // Who is to be taken out of the store.
    objects(features, READ, "profiles/"),
    list(features),
    online("BatchGetItem", "BatchWriteItem"),
    { actions: ["dynamodb:PutItem"], resources: [locks.arn] },
    keyThrough("dynamodb", "s3 read"),
  ],
});

export const checkParity = task("CheckParity", {
  ...moves,
  description: "Compares a sample of keys online and offline",
  handler: handler("check-parity"),
  grants: [
    readPlan,
    objects(features, READ, "features/"),
    objects(features, READ, "profiles/"),
    list(features),
    online("BatchGetItem"),
    keyThrough("dynamodb", "s3 read"),
  ],
});

export const acceptFeatures = task("AcceptFeatures", {
  ...moves,
  description: "Writes lineage and manifests, and makes an attempt the current one",
  handler: handler("accept-features"),
  grants: [
    readPlan,
    // Of the report what the training manifest says.
    ...["features/", "profiles/", "validation_reports/"].map((folder) => objects(features, READ, folder)),
    ...["_manifests/", "training/"].map((folder) => objects(features, [...READ, ...PUT], folder)),
    objects(features, UPLOAD, "exports/"),
    list(features),
    catalogue("BatchCreatePartition", "BatchDeletePartition", "GetPartitions", "GetTable", "UpdateTable"),
    pointers("GetItem", "PutItem"),
    { actions: ["dynamodb:DeleteItem"], resources: [locks.arn] },
    keyThrough("dynamodb", "s3"),
  ],
});
