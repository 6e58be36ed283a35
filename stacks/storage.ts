import type { SystemName } from "@penstock/contracts";
import { ofDistributions } from "./encryption.ts";
import { settings } from "./lib/identity.ts";
import { privateBucket } from "./lib/private-bucket.ts";

const { retention } = settings;

/** Exports as they arrive, card numbers and all: beside `dnaData` the only bucket with unmasked data. Never written by us. */
export const raw = privateBucket("Raw", {
  events: true,
  lifecycle: [{ id: "raw", glacierDays: retention.rawGlacierDays, expireDays: retention.rawDays }],
});

/** Rows that hold their contract, masked. Rewritten by reconcile, so versions are kept for a while. */
export const curated = privateBucket("Curated", { events: true, versioned: true, lifecycle: [] });

/** Rows that wait for a parent row. Each goes to Curated or to Quarantine. */
export const pending = privateBucket("Pending", { versioned: true, lifecycle: [] });

/** Rows that break a rule, with the rules' names; manifests of files that were refused whole. */
export const quarantine = privateBucket("Quarantine", {
  lifecycle: [{ id: "quarantine", expireDays: retention.quarantineDays }],
});

/** Metrics, audit records and the list of orders that break rules over several tables. */
export const audit = privateBucket("Audit", {
  versioned: true,
  lifecycle: [{ id: "audit", prefix: "audit/", expireDays: retention.auditDays }],
});

/** Scripts of jobs, and what a run prepares before it is final: plans, results, rows whose balance is still unchecked. */
export const artifacts = privateBucket("Artifacts", {
  lifecycle: ["refine/", "marts/"].map((prefix) => ({
    id: `attempts-${prefix.slice(0, -1)}`,
    prefix,
    expireDays: retention.attemptDays,
  })),
});

/** What curated tables say, joined and summed for analysts, build beside build. */
export const marts = privateBucket("MartsData", { lifecycle: [] });

/** The reports of each of the five systems, build beside build. Builds that nobody reads any more are removed by the next. */
export const prod = {
  "market-intelligence-hub": privateBucket("MarketIntelligenceHubData", { lifecycle: [] }),
  "demand-insights-engine": privateBucket("DemandInsightsEngineData", { lifecycle: [] }),
  "compliance-guardian": privateBucket("ComplianceGuardianData", { lifecycle: [] }),
  "global-market-pulse": privateBucket("GlobalMarketPulseData", { lifecycle: [] }),
  // Questions as they were asked lie beside the reports on them.
  "retail-copilot": privateBucket("RetailCopilotData", {
    lifecycle: [{ id: "questions", prefix: "_questions/", expireDays: retention.questionDays }],
  }),
} as const satisfies Readonly<Record<SystemName, sst.aws.Bucket>>;

/** Where Athena puts what its queries answer. */
export const queryResults = privateBucket("QueryResults", {
  lifecycle: [{ id: "results", expireDays: retention.queryResultDays }],
});

/**
 * Interactions as they arrive, by the day of the event, and the catalogue's snapshots by date. Of Glacier the class
 * that is read at once: a day that changes late, and a range of old days, are read again.
 */
export const interactions = privateBucket("InteractionsData", {
  lifecycle: [
    {
      id: "interactions",
      prefix: "interactions/",
      instantGlacierDays: retention.rawGlacierDays,
      expireDays: retention.rawDays,
    },
    ...["products/", "users/", "undeliverable/"].map((prefix) => ({
      id: prefix.slice(0, -1),
      prefix,
      expireDays: retention.rawDays,
    })),
  ],
});

const featureRetention = {
  // As long as what they made: lineage and the tables' parameters point to them.
  plans: retention.featureDays,
  quarantine: retention.quarantineDays,
  // As long as the snapshots that they are of.
  catalogue_digests: retention.rawDays,
  landed: retention.featureDays,
  clean: retention.featureDays,
  features: retention.featureDays,
  exports: retention.featureDays,
  profiles: retention.featureDays,
  validation_reports: retention.featureDays,
  training: retention.trainingDays,
  inference_logs: retention.inferenceLogDays,
};

/** What the feature pipeline writes: landed and cleaned interactions, features, training sets, reports. */
export const features = privateBucket("FeaturesData", {
  lifecycle: Object.entries(featureRetention).map(([folder, expireDays]) => ({
    id: folder,
    prefix: `${folder}/`,
    expireDays,
  })),
});

/**
 * What people handed over under `<user>/stage1/`, unmasked, and what is told of it. Kept until the person is erased; without
 * versions, so that what is erased is gone.
 */
export const dnaData = privateBucket("DnaData", { events: true, lifecycle: [] });

/**
 * Plans, chunks (masked) and answers of reading a person's exports. A bucket of its own, because all of it goes by its age
 * and keys begin with the person. Kept as long as a redrive may need it.
 */
export const dnaWork = privateBucket("DnaWork", {
  lifecycle: [{ id: "work", expireDays: retention.attemptDays }],
});

/** Pictures of products, as people upload them, each user's under a prefix of their own. Kept until somebody removes them. */
export const uploads = privateBucket("Uploads", { lifecycle: [] });

/**
 * Pictures that were drawn. CloudFront serves them to everybody who has their address; of Glacier the class that is read
 * at once, for in the others their addresses would lead nowhere.
 */
export const generatedAssets = privateBucket("GeneratedAssets", {
  lifecycle: [{ id: "generated", prefix: "generated/", instantGlacierDays: settings.assets.glacierDays }],
  readers: [{ service: "cloudfront.amazonaws.com", prefix: "generated/", conditions: [ofDistributions] }],
});
