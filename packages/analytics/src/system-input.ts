import { BuildName, type SystemName } from "@penstock/contracts";
import { type BuildCheck, isS3Uri, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

/** What each system's task is given: the build to write, and the marts that it reads. */
export const SystemInput = v.strictObject({
  run_id: v.pipe(v.string(), v.minLength(1)),
  build: BuildName,
  /** ISO 8601, UTC; the heads of the reports carry it. */
  built_at: v.pipe(v.string(), v.isoTimestamp()),
  /** The marts' manifest. */
  manifest: v.custom<S3Uri>(isS3Uri, "an S3 URI"),
  /** The system's build that is read at present, by the state machine: it stays whatever was written since. Null before the first. */
  current: v.nullable(BuildName),
});
export type SystemInput = v.InferOutput<typeof SystemInput>;

/** What a system wrote. */
export interface SystemSummary {
  readonly system: SystemName;
  readonly build: string;
  readonly reports: Readonly<Record<string, ReportSummary>>;
  readonly check: BuildCheck;
}

/** A report in short. */
export interface ReportSummary {
  readonly status: "ok" | "not enough data";
  /** Rows of its table. */
  readonly rows: number;
}
