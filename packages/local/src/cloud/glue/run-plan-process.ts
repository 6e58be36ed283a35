/** The program of a Glue run's process: runs the query plan that `--plan` names, on DuckDB. */
import { S3Client } from "@aws-sdk/client-s3";
import { openSession, parsePlan, runPlan, s3ObjectStore } from "@penstock/runtime";
import { endWithParent } from "../lambda/end-with-parent.ts";
import type { PlanMessage } from "./plan-protocol.ts";

endWithParent();

async function run(): Promise<PlanMessage> {
  try {
    const store = s3ObjectStore(new S3Client({ forcePathStyle: true }));
    const workDirectory = process.env.TMPDIR ?? "";
    const plan = parsePlan(await store.getJson(process.env.PENSTOCK_PLAN ?? ""));
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
