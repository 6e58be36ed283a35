import { parseArgs } from "node:util";
import { type ExecutionStatus, executionStatuses } from "@penstock/contracts";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const USUAL = "20";

const usage = `penstock executions [--workflow W] [--status S] [--limit N] [--stage STAGE] [--json]

Lists executions, the latest start first.
  --workflow W   only of this workflow
  --status S     only with this status: ${executionStatuses.join(", ")}
  --limit N      how many at most (default: ${USUAL})
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

function isStatus(status: string): status is ExecutionStatus {
  return executionStatuses.some((each) => each === status);
}

/** `penstock executions`. @returns the exit code, as the usage says */
export function executionsCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          workflow: { type: "string" },
          status: { type: "string" },
          limit: { type: "string", default: USUAL },
          ...placeOptions,
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const status = values.status?.toUpperCase();
      if (status !== undefined && !isStatus(status))
        throw new UsageError(
          `There is no status "${values.status}". There are: ${executionStatuses.join(", ")}.`,
        );
      if (!/^[1-9]\d{0,3}$/.test(values.limit))
        throw new UsageError("--limit takes a number from 1 to 9999.");
      const [{ atPlace }, { between, table }] = await Promise.all([
        import("./place.ts"),
        import("./describe-execution.ts"),
      ]);
      return atPlace(values.stage, async (place) => {
        const { workflow } = values;
        const page = await place.executions.list({ workflow, status, limit: Number(values.limit) });
        if (values.json) {
          console.log(JSON.stringify(page.executions, null, 2));
          return 0;
        }
        if (page.executions.length === 0) {
          console.log(`There are no such executions in ${place.title}.`);
          return 0;
        }
        const rows = page.executions.map(({ id, status, started_at, stopped_at }) => [
          id,
          status,
          started_at,
          between(started_at, stopped_at),
        ]);
        console.log(table(["id", "status", "started", "took"], rows));
        if (page.next_token !== null) console.log(`There are more: --limit ${Number(values.limit) * 5}.`);
        return 0;
      });
    },
    3,
  );
}
