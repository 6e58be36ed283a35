import { parseArgs } from "node:util";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const usage = `penstock redrive [ID…] [--all] [--stage STAGE] [--json]

Takes failed executions up again at the states that failed. A dead letter of the execution is deleted once it runs;
where Step Functions can no longer redrive it, it is started anew with the original input that the letter holds.
  ID             of the execution (id, name or ARN) or of its dead letter; without any the dead letters are listed
  --all          every dead letter
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

/** `penstock redrive`. @returns the exit code, as the usage says; 1 also when one could not be redriven */
export function redriveCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
          all: { type: "boolean", default: false },
          ...placeOptions,
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      if (values.all && positionals.length > 0) throw new UsageError("Give ids or --all, not both.");
      // Loaded only now: the SDK takes its time, and a wrong flag should be told at once.
      const { takeUp } = await import("./take-up.ts");
      return takeUp(positionals, values);
    },
    3,
  );
}
