/** The program of a Glue run's process: runs the query plan that `--plan` names, on DuckDB. */
import { isS3Uri, newS3Client, openSession, parsePlan, runPlan, s3ObjectStore } from "@penstock/runtime";
import type { PlanMessage } from "./plan-protocol.ts";

process.on("disconnect", () => process.exit(0));

async function run(): Promise<PlanMessage> {
  try {
    const store = s3ObjectStore(newS3Client());
    const workDirectory = process.env.TMPDIR ?? "";
    const uri = process.env.PENSTOCK_PLAN;
    if (!isS3Uri(uri)) throw new Error(`--plan must be an S3 URI, not "${uri}"`);
    const plan = parsePlan(await store.getJson(uri));
    await using session = await openSession({ memoryMb: 2048, threads: 2, tempDirectory: workDirectory });
    await runPlan(plan, { session, store, workDirectory });
    return { type: "succeeded" };
  } catch (error) {
    return {
      type: "failed",
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
}

process.send?.(await run(), () => process.exit(0));
