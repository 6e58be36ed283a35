import { availableParallelism } from "node:os";
import { openSession, resource, type TaskContext } from "@penstock/runtime";
import type { LakePorts } from "../ports.ts";
import { LakeSettings } from "../settings.ts";

/** The ports of a task in its Lambda: the deployment's settings, leases in its table, DuckDB on all its processors. */
export function lakePorts({ store, locks, now }: TaskContext): LakePorts {
  const settings = resource("Lake", LakeSettings);
  return {
    store,
    leases: locks(settings.locksTable),
    settings,
    openSession: (tempDirectory) =>
      openSession({ memoryMb: settings.memoryMb, threads: availableParallelism(), tempDirectory }),
    now,
  };
}
