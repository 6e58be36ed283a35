import { clients, currentBuild, s3ObjectStore } from "@penstock/runtime/aws";
import { resource } from "@penstock/runtime/resource";
import * as v from "valibot";
import { Analytics } from "./analytics.ts";

/** What the deployment links: the table of current builds, the systems' buckets, and how long an answer may be kept. */
const Reports = v.object({
  buildsTable: v.string(),
  buckets: v.record(v.string(), v.string()),
  maxAgeSeconds: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

const { buildsTable, buckets, maxAgeSeconds } = resource("Reports", Reports);

/** The reports of the stage that the function is deployed in. */
export const linkedAnalytics = new Analytics({
  currentBuild: (system) => currentBuild(clients.dynamo, buildsTable, system),
  store: s3ObjectStore(clients.s3),
  buckets,
  maxAgeSeconds,
});
