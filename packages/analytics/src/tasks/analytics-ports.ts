import { availableParallelism } from "node:os";
import { openSession, resource, type TaskContext } from "@penstock/runtime";
import type { AnalyticsPorts } from "../ports.ts";
import { AnalyticsSettings } from "../settings.ts";

/** The ports of a task in its Lambda: the deployment's settings, DuckDB on all its processors. */
export function analyticsPorts({ store, now }: TaskContext): AnalyticsPorts {
  const settings = resource("Analytics", AnalyticsSettings);
  return {
    store,
    settings,
    openSession: (tempDirectory) =>
      openSession({ memoryMb: settings.memoryMb, threads: availableParallelism(), tempDirectory }),
    now,
  };
}
