import { task } from "@penstock/runtime";
import { ReconcileInput, reconcile } from "../reconcile.ts";
import { lakePorts } from "./lake-ports.ts";

/** Brings the tables into agreement. */
export const handler = task(ReconcileInput, async (input, context) => {
  const summary = await reconcile(input, lakePorts(context));
  context.log.info("reconciled", { ...summary });
  return summary;
});
