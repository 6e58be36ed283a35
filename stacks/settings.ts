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

  readonly api: {
    readonly memoryMb: number;
    /** API Gateway ends a request at 30 s: the function is to end before, so that its own answer is the one seen. */
    readonly timeoutSeconds: number;
    /** Requests that API Gateway lets through in one second, all callers together, and at once; the rest are 429. */
    readonly requestsPerSecond: number;
    readonly burst: number;
    /** How long an access token holds. */
    readonly tokenMinutes: number;
  };

  readonly alarms: {
    /** Share of a file's rows (0–1) whose rejection marks the run and raises the alarm. */
    readonly rejectedFraction: number;
    /** Share of a machine's executions (0–1) that may fail before the alarm. */
    readonly failedFraction: number;
    /** An execution that takes longer raises the alarm. */
    readonly executionMinutes: number;
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
  api: { memoryMb: 512, timeoutSeconds: 29, requestsPerSecond: 20, burst: 50, tokenMinutes: 60 },
  alarms: { rejectedFraction: 0.1, failedFraction: 0.05, executionMinutes: 30 },
  retention: {
    rawGlacierDays: 90,
    rawDays: 730,
    oldVersionDays: 30,
    quarantineDays: 365,
    auditDays: 2555,
    attemptDays: 14,
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
    return { ...shared, reconcile: { ...shared.reconcile, quietSeconds: 1, leaseSeconds: 300 } };
  }
  return shared;
}
