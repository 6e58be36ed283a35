import { availableParallelism } from "node:os";
import { GlueClient } from "@aws-sdk/client-glue";
import { glueCatalogue, openSession, resource, type TaskContext } from "@penstock/runtime";
import type { MartsPorts } from "../ports.ts";
import { MartsSettings } from "../settings.ts";

const glue = new GlueClient({});

/** The ports of a task in its Lambda: the deployment's settings, DuckDB on all its processors. */
export function martsPorts({ store }: TaskContext): MartsPorts {
  const settings = resource("Marts", MartsSettings);
  return {
    store,
    settings,
    catalogue: glueCatalogue(glue, settings.database),
    openSession: (tempDirectory) =>
      openSession({
        memoryMb: settings.memoryMb,
        threads: availableParallelism(),
        tempDirectory,
        keepsOrder: true,
      }),
  };
}
