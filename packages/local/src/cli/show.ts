import { parseArgs } from "node:util";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const usage = `penstock show <id> [--stage STAGE] [--json]

Shows an execution: how it stands, what went in and came out, and its states with their times.
  id             as \`penstock executions\` lists it, its ARN, or its name
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

/** `penstock show`. @returns the exit code, as the usage says; that the execution failed is no failure of this command */
export function showCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: placeOptions,
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const [given, ...more] = positionals;
      if (given === undefined || more.length > 0) throw new UsageError("Name one execution.");
      const [{ atPlace }, { findExecution }, { describeExecution }] = await Promise.all([
        import("./place.ts"),
        import("./find-execution.ts"),
        import("./describe-execution.ts"),
      ]);
      return atPlace(values.stage, async (place) => {
        const execution = await place.executions.show(await findExecution(place, given));
        console.log(values.json ? JSON.stringify(execution, null, 2) : describeExecution(execution));
        return 0;
      });
    },
    3,
  );
}
