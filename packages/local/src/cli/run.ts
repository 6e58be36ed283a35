import { parseArgs } from "node:util";
import { type Execution, fieldFaults, isStartable, workflowInputs } from "@penstock/contracts";
import { InvalidJsonFile, readJsonFile } from "./json-file.ts";
import type { Place } from "./place.ts";
import { exitCodeOf, exitCodes, placeOptions, UsageError } from "./usage.ts";

const startable = Object.keys(workflowInputs).sort();

const usage = `penstock run <workflow> [--input FILE] [--name KEY] [--wait] [--stage STAGE] [--json]

Starts a workflow: ${startable.join(", ")}.
  --input FILE   its input as JSON; - reads it from the standard input (default: {})
  --name KEY     name of the execution; again with the same input, it is the same execution
  --wait         wait for its end, and show it
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

/** `penstock run`. @returns the exit code, as the usage says */
export function runCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
          input: { type: "string" },
          name: { type: "string" },
          wait: { type: "boolean", default: false },
          ...placeOptions,
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const [workflow, ...more] = positionals;
      if (workflow === undefined || more.length > 0)
        throw new UsageError(`Name one workflow: ${startable.join(", ")}.`);
      if (values.name !== undefined && !/^[A-Za-z0-9._-]{1,80}$/.test(values.name))
        throw new UsageError("--name takes 1 to 80 letters, digits, dots, dashes and underscores.");
      // Loaded only now: the SDK takes its time, and a wrong flag should be told at once.
      const { atPlace } = await import("./place.ts");
      return atPlace(values.stage, async (place) => {
        place.executions.require(workflow);
        const input = await readInput(workflow, values.input);
        const started = await place.executions.start(workflow, input, values.name);
        if (!values.wait) {
          console.log(
            values.json ? JSON.stringify(started, null, 2) : `started ${started.id}  ${started.arn}`,
          );
          return 0;
        }
        const { describeExecution } = await import("./describe-execution.ts");
        const ended = await waitFor(place, started.id);
        console.log(values.json ? JSON.stringify(ended, null, 2) : describeExecution(ended));
        return ended.status === "SUCCEEDED" ? 0 : 1;
      });
    },
    3,
  );
}

/** The input by the workflow's contract. @throws {UsageError} naming the fields that are wrong */
async function readInput(workflow: string, file: string | undefined): Promise<unknown> {
  if (!isStartable(workflow))
    throw new UsageError(`"${workflow}" is not started by hand. These are: ${startable.join(", ")}.`);
  const text = file === undefined ? "{}" : await readJsonFile("input", file).catch(asUsage);
  const input: unknown = JSON.parse(text);
  const faults = fieldFaults(workflowInputs[workflow], input, "the whole");
  if (faults.length === 0) return input;
  const lines = faults.map(({ field, detail }) => `  ${field}: ${detail}`);
  throw new UsageError(`The input of ${workflow} is not as it should be.\n${lines.join("\n")}`);
}

function asUsage(error: unknown): never {
  throw error instanceof InvalidJsonFile ? new UsageError(error.message) : error;
}

async function waitFor({ executions, pollMs }: Place, id: string): Promise<Execution> {
  while ((await executions.status(id)).status === "RUNNING") {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return executions.show(id);
}
