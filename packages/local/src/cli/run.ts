import { parseArgs } from "node:util";
import { workflowInputs } from "@penstock/contracts";
import { InvalidJsonFile, readJsonFile } from "./json-file.ts";
import { checkedInput, startExecution, startOptions, startUsage } from "./start-execution.ts";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const startable = Object.keys(workflowInputs).sort();

const usage = `penstock run <workflow> [--input FILE] [--name KEY] [--wait] [--stage STAGE] [--json]

Starts a workflow: ${startable.join(", ")}.
  --input FILE   its input as JSON; - reads it from the standard input (default: {})
${startUsage}
${exitCodes}`;

/** `penstock run`. @returns the exit code, as the usage says */
export function runCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { input: { type: "string" }, ...startOptions, ...placeOptions },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const [workflow, ...more] = positionals;
      if (workflow === undefined || more.length > 0)
        throw new UsageError(`Name one workflow: ${startable.join(", ")}.`);
      const { stage, name, wait, json } = values;
      return startExecution(workflow, () => readInput(workflow, values.input), { stage, name, wait, json });
    },
    3,
  );
}

async function readInput(workflow: string, file: string | undefined): Promise<unknown> {
  const text = file === undefined ? "{}" : await readJsonFile("input", file).catch(asUsage);
  return checkedInput(workflow, JSON.parse(text));
}

function asUsage(error: unknown): never {
  throw error instanceof InvalidJsonFile ? new UsageError(error.message) : error;
}
