import { type AssetsStageSettings, assets } from "./settings/assets.ts";
import { type CampaignStageSettings, campaign } from "./settings/campaign.ts";
import { type CopilotStageSettings, copilot } from "./settings/copilot.ts";
import { type DnaStageSettings, dna } from "./settings/dna.ts";
import { type FeatureSettings, features } from "./settings/features.ts";

/** Every threshold, size, schedule and retention of the system. One place, one type, per stage. */
export interface Settings {
  readonly region: string;
  /** What removing the stage leaves behind: production keeps its data. */
  readonly removal: "remove" | "retain";
  /** Refuse to remove the stage at all, and to delete its tables. */
  readonly protect: boolean;

  readonly engine: {
    /** Raw objects up to this many bytes are refined in Lambda, larger ones on Glue. Parquet, so several times as much in memory. */
    readonly lambdaMaxBytes: number;
    /** Parents' curated objects are looked up by refine up to this many bytes together; beyond, rows wait for reconcile. */
    readonly parentKeysMaxBytes: number;
    /** Memory that DuckDB may take inside `lambda.memoryMb`; the rest is Node's and the buffers' of up- and downloads. */
    readonly duckdbMemoryMb: number;
  };
  /** The Lambda functions that move rows. */
  readonly lambda: { readonly memoryMb: number; readonly timeoutSeconds: number; readonly storageMb: number };
  /** The Lambda functions that only look and plan. */
  readonly smallLambda: { readonly memoryMb: number; readonly timeoutSeconds: number };
  readonly glue: {
    readonly version: string;
    readonly workerType: "G.1X" | "G.2X";
    readonly workers: number;
    readonly maxConcurrentRuns: number;
    /** Limit of one job run, time in Glue's queue included. */
    readonly timeoutMinutes: number;
  };

  /** Years of arrival (`year=…` in a key) that the catalogue's tables span. */
  readonly catalog: { readonly firstYear: number; readonly lastYear: number };

  /** Rows that waited this long for their parents are quarantined by reconcile. */
  readonly pendingDays: number;
  readonly reconcile: {
    /** Wait after the first curated object, so that objects that arrive together make one pass. */
    readonly quietSeconds: number;
    /** Longer than a pass with all its retries: four tries of `lambda.timeoutSeconds`. */
    readonly leaseSeconds: number;
    /** When a pass is made whether or not anything arrived (EventBridge Scheduler syntax, UTC). */
    readonly schedule: string;
  };

  readonly prod: {
    /** Wait after the first curated object, so that objects that arrive together make one build. */
    readonly windowSeconds: number;
    /** Longer than the marts, and longer than the systems with their crawls, each with all retries. */
    readonly leaseSeconds: number;
    /** Builds that stay in each bucket, the newest: the current one, and the one before for who still reads it. */
    readonly keepBuilds: number;
    /** Longest that the planning of the marts takes, with what it clears away before Glue builds them. */
    readonly planSeconds: number;
    /** Between two looks at reconcile, while another execution of it makes a pass. */
    readonly reconcilePollSeconds: number;
    /** Between two looks at a crawler. */
    readonly crawlPollSeconds: number;
    /** Looks at a crawler, and tries with one that is busy, before its branch is given up. */
    readonly crawlTries: number;
    /** When a build is made whether or not anything arrived (EventBridge Scheduler syntax, UTC). */
    readonly schedule: string;
    /** Memory of DuckDB in the systems' tasks, inside `lambda.memoryMb`: the models' own arrays need the rest. */
    readonly duckdbMemoryMb: number;
    /** A query of the workgroup that reads more is cut off. Athena takes no less than 10 MB. */
    readonly maxScannedBytes: number;
  };

  /** What the five systems' models take; DESIGN part 2 names the systems. */
  readonly models: {
    /** Of everything that draws numbers: equal marts give equal reports. */
    readonly seed: number;
    /** How far ahead sales are forecast. */
    readonly forecastDays: number;
    readonly forecastMonths: number;
    /** At most so many regions, so many categories, and so many pairs of both are forecast, the largest first. */
    readonly series: number;
    /** No purchase within so many days is churn. */
    readonly churnDays: number;
    /** Horizon of the lifetime value. */
    readonly lifetimeDays: number;
    /** 0.1 is 10 % a year. */
    readonly annualDiscount: number;
    readonly fraud: {
      readonly windowHours: number;
      /** More orders of one person in the window are suspicious. */
      readonly maxOrdersInWindow: number;
      /** Payments may differ from what is owed by so much, in the currency. */
      readonly amountTolerance: number;
      /** Any amount above is flagged; null leaves it to the data. */
      readonly amountLimit: number | null;
    };
    /** Days of questions and queries whose patterns are reported; Athena keeps its history for 45. */
    readonly queryDays: number;
    /** At most so many questions, and so many queries, the latest. */
    readonly maxQueries: number;
    /** At most so many refined objects are audited, the latest: their metrics never expire. */
    readonly auditObjects: number;
  };

  /** Questions in words, answered from the marts. */
  readonly copilot: CopilotStageSettings;

  /** The feature pipeline: interactions, their catalogue, and what is made of them. */
  readonly features: FeatureSettings;

  /** Exports of persons, and what they tell. */
  readonly dna: DnaStageSettings;

  /** Campaigns, and the agent that makes them. */
  readonly campaign: CampaignStageSettings;

  /** Pictures that are drawn, and uploads. */
  readonly assets: AssetsStageSettings;

  readonly api: {
    readonly memoryMb: number;
    /** API Gateway ends a request at 30 s: the function is to end before, so that its own answer is the one seen. */
    readonly timeoutSeconds: number;
    /** Requests that API Gateway lets through in one second, all callers together, and at once; the rest are 429. */
    readonly requestsPerSecond: number;
    readonly burst: number;
    /** The same for each route that shops call all day: interactions in, features out. */
    readonly dataRequestsPerSecond: number;
    readonly dataBurst: number;
    /** Seconds for which a caller may keep what analytics answer. */
    readonly maxAgeSeconds: number;
    /** How long an access token holds. */
    readonly tokenMinutes: number;
    /** Where Cognito sends people back to, who signed in to make campaigns: the app's addresses. */
    readonly callbackUrls: readonly string[];
  };

  readonly alarms: {
    /** Share of a file's rows (0–1) whose rejection marks the run and raises the alarm. */
    readonly rejectedFraction: number;
    /** Share of a machine's executions (0–1) that may fail before the alarm. */
    readonly failedFraction: number;
    /** An execution that takes longer raises the alarm. */
    readonly executionMinutes: number;
    /** The same for a run of `curated-to-prod`, which waits for windows, crawls and other executions. */
    readonly prodMinutes: number;
    /** And for those of `feature-pipeline` and of `digital-dna`. */
    readonly featuresMinutes: number;
    readonly dnaMinutes: number;
  };

  readonly retention: {
    /** Raw objects move to Glacier after this, and are deleted after the other. */
    readonly rawGlacierDays: number;
    readonly rawDays: number;
    /** Versions that were overwritten: what a mistaken run can be undone from. */
    readonly oldVersionDays: number;
    /** Rows that nobody has mended and manifests of files that were refused. */
    readonly quarantineDays: number;
    readonly auditDays: number;
    /** What a run prepared before anything of it was final, and what failed runs left of it. */
    readonly attemptDays: number;
    /** Results of Athena's queries: read when they are there. */
    readonly queryResultDays: number;
    /** Questions to the copilot, whose patterns are reported. */
    readonly questionDays: number;
    /** What the feature pipeline lands, cleans and computes; raw interactions go by `rawDays`. */
    readonly featureDays: number;
    /** Files that a training job takes. */
    readonly trainingDays: number;
    readonly inferenceLogDays: number;
    /** Uploads that were begun and never finished are billed until they are aborted. */
    readonly unfinishedUploadDays: number;
    readonly logDays: number;
    /** SQS keeps a message no longer than 14 days. */
    readonly deadLetterDays: number;
  };
}

const MIB = 1024 ** 2;

const shared: Settings = {
  region: "us-east-1",
  removal: "remove",
  protect: false,
  engine: { lambdaMaxBytes: 256 * MIB, parentKeysMaxBytes: 512 * MIB, duckdbMemoryMb: 1536 },
  lambda: { memoryMb: 3008, timeoutSeconds: 900, storageMb: 10_240 },
  smallLambda: { memoryMb: 512, timeoutSeconds: 60 },
  glue: { version: "5.1", workerType: "G.1X", workers: 10, maxConcurrentRuns: 5, timeoutMinutes: 120 },
  catalog: { firstYear: 2016, lastYear: 2035 },
  pendingDays: 30,
  reconcile: { quietSeconds: 60, leaseSeconds: 4200, schedule: "cron(0 3 * * ? *)" },
  prod: {
    windowSeconds: 300,
    leaseSeconds: 4 * 3600,
    keepBuilds: 2,
    planSeconds: 300,
    reconcilePollSeconds: 60,
    crawlPollSeconds: 30,
    crawlTries: 40,
    schedule: "cron(0 4 * * ? *)",
    duckdbMemoryMb: 1024,
    maxScannedBytes: 10 * 1024 * MIB,
  },
  models: {
    seed: 42,
    forecastDays: 28,
    forecastMonths: 3,
    series: 100,
    churnDays: 180,
    lifetimeDays: 365,
    annualDiscount: 0.1,
    fraud: { windowHours: 24, maxOrdersInWindow: 3, amountTolerance: 0.01, amountLimit: null },
    queryDays: 30,
    maxQueries: 1000,
    auditObjects: 10_000,
  },
  copilot,
  features,
  dna,
  campaign,
  assets,
  api: {
    memoryMb: 512,
    timeoutSeconds: 29,
    requestsPerSecond: 20,
    burst: 50,
    dataRequestsPerSecond: 200,
    dataBurst: 400,
    maxAgeSeconds: 60,
    tokenMinutes: 60,
    // Somebody's own machine, until there is an app.
    callbackUrls: ["http://localhost:3000/signed-in"],
  },
  alarms: {
    rejectedFraction: 0.1,
    failedFraction: 0.05,
    executionMinutes: 30,
    prodMinutes: 240,
    featuresMinutes: 120,
    dnaMinutes: 120,
  },
  retention: {
    rawGlacierDays: 90,
    rawDays: 730,
    oldVersionDays: 30,
    quarantineDays: 365,
    auditDays: 2555,
    attemptDays: 14,
    queryResultDays: 7,
    questionDays: 90,
    featureDays: 365,
    trainingDays: 180,
    inferenceLogDays: 90,
    unfinishedUploadDays: 7,
    logDays: 30,
    deadLetterDays: 14,
  },
};

/**
 * The settings of one stage. `production` keeps its data and its logs; `local`, the stage of the laptop, differs only
 * in waiting less, so that what runs there is what runs on AWS.
 */
export function settingsFor(stage: string): Settings {
  if (stage === "production") {
    return {
      ...shared,
      removal: "retain",
      protect: true,
      retention: { ...shared.retention, logDays: 365 },
    };
  }
  if (stage === "local") {
    return {
      ...shared,
      reconcile: { ...shared.reconcile, quietSeconds: 1, leaseSeconds: 300 },
      prod: {
        ...shared.prod,
        // What is uploaded at once is refined and reconciled within it: one build of it all instead of two.
        windowSeconds: 30,
        leaseSeconds: 1200,
        reconcilePollSeconds: 5,
        crawlPollSeconds: 2,
      },
      dna: { ...dna, windowSeconds: 1, leaseSeconds: 300, graceSeconds: 2 },
    };
  }
  return shared;
}
