import { parseArgs } from "node:util";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const usage = `penstock backfill --from DAY --to DAY [--parallel N] [--dry-run] [--stage STAGE] [--json]

Computes the features of past days (YYYY-MM-DD, both included, UTC), some days an execution. Prints the plan and about what
it costs on AWS first. All days are landed and validated side by side; then their features are computed in the order of
the days, since each needs those before it, up to the first execution that fails. Days that are current as their raw
objects are now are left out; called again, it goes on: what failed is redriven, what runs is waited for.
  --parallel N   validations at a time (1 to 20; default 2)
  --dry-run      only print the plan
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `penstock backfill`. @returns the exit code, as the usage says; 1 also when days are left */
export function backfillCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          from: { type: "string" },
          to: { type: "string" },
          parallel: { type: "string", default: "2" },
          "dry-run": { type: "boolean", default: false },
          ...placeOptions,
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const { from, to, stage, json } = values;
      if (from === undefined || to === undefined || !DAY.test(from) || !DAY.test(to) || from > to)
        throw new UsageError("Give --from and --to as YYYY-MM-DD, the earlier one first.");
      const parallel = /^\d+$/.test(values.parallel) ? Number(values.parallel) : 0;
      if (parallel < 1 || parallel > 20)
        throw new UsageError("--parallel takes a whole number from 1 to 20.");
      // Loaded only now: the SDK takes its time, and a wrong flag should be told at once.
      const { backfill } = await import("./run-backfill.ts");
      return backfill({ from, to, parallel, dryRun: values["dry-run"], stage, json });
    },
    3,
  );
}
