import { availableParallelism } from "node:os";
import { openSession, resource, type TaskContext } from "@penstock/runtime";
import type { MartsPorts } from "../ports.ts";
import { MartsSettings } from "../settings.ts";

/** The ports of a task in its Lambda: the deployment's settings, DuckDB on all its processors. */
export function martsPorts({ store }: TaskContext): MartsPorts {
  const settings = resource("Marts", MartsSettings);
  return {
    store,
    settings,
    openSession: (tempDirectory) =>
      openSession({
        memoryMb: settings.memoryMb,
        threads: availableParallelism(),
        tempDirectory,
        keepsOrder: true,
      }),
  };
}
