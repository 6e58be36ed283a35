import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SystemName } from "@penstock/contracts";
import * as v from "valibot";

/** What one system's task answers: a line of JSON on standard output. */
export const MeasuredSystem = v.object({
  seconds: v.number(),
  peakRssMb: v.number(),
  /** Of all its reports. */
  rows: v.number(),
  /** Reports that say that there is not enough data. */
  silent: v.array(v.string()),
});
export type MeasuredSystem = v.InferOutput<typeof MeasuredSystem>;

/** In the order in which they run. */
export const measured: readonly SystemName[] = [
  "market-intelligence-hub",
  "demand-insights-engine",
  "compliance-guardian",
  "global-market-pulse",
  "retail-copilot",
];

/** Runs one system's task over the marts of a build, in a process of its own, and reads what it measured. */
export async function measureSystem(
  system: SystemName,
  { directory, build }: { readonly directory: string; readonly build: string },
): Promise<MeasuredSystem> {
  const script = fileURLToPath(new URL("prod-systems-run.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, directory, build, system]);
  return v.parse(MeasuredSystem, JSON.parse(stdout));
}
