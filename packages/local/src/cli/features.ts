import { parseArgs } from "node:util";
import { checkedInput, startExecution, startOptions, startUsage } from "./start-execution.ts";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const usage = `penstock features --start-date DAY --end-date DAY [--output-path URI] [--validate-only] [--wait] …
penstock features --daily | --weekly [--validate-only] [--wait] …

Starts the feature pipeline: for the days of a range (YYYY-MM-DD, both included, UTC), for yesterday, or for everything.
  --output-path URI  where a copy of the features goes: s3://<bucket of the features>/exports/…
  --validate-only    stop after the validation report
${startUsage}
${exitCodes}`;

/** `penstock features`. @returns the exit code, as the usage says */
export function featuresCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values } = parseArgs({
        args,
        options: {
          daily: { type: "boolean", default: false },
          weekly: { type: "boolean", default: false },
          "start-date": { type: "string" },
          "end-date": { type: "string" },
          "output-path": { type: "string" },
          "validate-only": { type: "boolean", default: false },
          ...startOptions,
          ...placeOptions,
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const { stage, name, wait, json, daily, weekly } = values;
      const ranged = values["start-date"] !== undefined || values["end-date"] !== undefined;
      if (Number(daily) + Number(weekly) + Number(ranged) !== 1)
        throw new UsageError("Give --start-date and --end-date, or --daily, or --weekly.");
      const given = {
        mode: daily ? "daily" : weekly ? "weekly" : "range",
        start_date: values["start-date"],
        end_date: values["end-date"],
        output_path: values["output-path"],
        validate_only: values["validate-only"] || undefined,
      };
      // A flag that was not given is no field, rather than one without a value.
      const input = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const checked = checkedInput("feature-pipeline", input);
      return startExecution("feature-pipeline", async () => checked, { stage, name, wait, json });
    },
    3,
  );
}
