import { availableParallelism } from "node:os";
import { GlueClient } from "@aws-sdk/client-glue";
import { glueCatalogue, openSession, resource, type TaskContext } from "@penstock/runtime";
import type { AnalyticsPorts } from "../ports.ts";
import { AnalyticsSettings } from "../settings.ts";

const glue = new GlueClient({});

/** The ports of a task in its Lambda: the deployment's settings, DuckDB on all its processors. */
export function analyticsPorts({ store, now }: TaskContext): AnalyticsPorts {
  const settings = resource("Analytics", AnalyticsSettings);
  return {
    store,
    settings,
    catalogueOf: (system) => glueCatalogue(glue, settings.database[system]),
    openSession: (tempDirectory) =>
      openSession({ memoryMb: settings.memoryMb, threads: availableParallelism(), tempDirectory }),
    now,
  };
}
