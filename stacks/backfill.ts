import { keyThrough } from "./encryption.ts";
import { link as features } from "./features.ts";
import { builds } from "./lake.ts";
import { list, objects, READ } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sqlPackages } from "./lib/native-packages.ts";
import { task } from "./lib/task.ts";
import { features as featuresBucket, interactions } from "./storage.ts";

/** How the days of a backfill are divided, and what AWS takes for them. */
const backfill = new sst.Linkable("Backfill", {
  properties: {
    sliceDays: settings.features.backfillDays,
    // A worker of G.1X is one data processing unit, one of G.2X two.
    glueDpus: settings.glue.workers * (settings.glue.workerType === "G.1X" ? 1 : 2),
    prices: settings.features.prices,
  },
});

/** Called by `penstock backfill`, wherever the stage is. */
export const estimateBackfill = task("EstimateBackfill", {
  memoryMb: 1024,
  timeoutSeconds: settings.lambda.timeoutSeconds,
  link: [features, backfill],
  install: sqlPackages,
  description: "Tells what a backfill of the features would run, and about what it would cost",
  handler: "packages/features/src/tasks/estimate-backfill.handler",
  grants: [
    list(interactions, featuresBucket),
    objects(featuresBucket, READ, "_manifests/"),
    // What was landed of a day says whether it has a line.
    objects(featuresBucket, READ, "landed/"),
    { actions: ["dynamodb:GetItem"], resources: [builds.arn] },
    keyThrough("dynamodb", "s3 read"),
  ],
});
