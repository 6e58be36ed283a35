import { fieldFaults, isStartable, workflowInputs } from "@penstock/contracts";
import { outcomeOf } from "./outcome.ts";
import { COALESCED, UsageError } from "./usage.ts";

/** How an execution is started and shown; see the options of `penstock run`. */
export interface StartOptions {
  readonly stage: string | undefined;
  readonly name: string | undefined;
  readonly wait: boolean;
  readonly json: boolean;
}

/** Options of every command that starts an execution. */
export const startOptions = {
  name: { type: "string" },
  wait: { type: "boolean", default: false },
} as const;

/** Those options in a usage text. */
export const startUsage = `  --name KEY     name of the execution; again with the same input, it is the same execution
  --wait         wait for its end, and show it
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON`;

/** The input as its workflow's contract wants it. @throws {UsageError} naming the fields that are wrong */
export function checkedInput(workflow: string, input: unknown): unknown {
  if (!isStartable(workflow))
    throw new UsageError(
      `"${workflow}" is not started by hand. These are: ${Object.keys(workflowInputs).sort().join(", ")}.`,
    );
  const faults = fieldFaults(workflowInputs[workflow], input, "the whole");
  if (faults.length === 0) return input;
  const lines = faults.map(({ field, detail }) => `  ${field}: ${detail}`);
  throw new UsageError(`The input of ${workflow} is not as it should be.\n${lines.join("\n")}`);
}

/**
 * Starts an execution, prints it, and where asked waits for its end and shows it.
 *
 * @returns the exit code: 1 when the execution that was waited for did not succeed, 4 when it left its work to another one
 */
export async function startExecution(
  workflow: string,
  input: () => Promise<unknown>,
  { stage, name, wait, json }: StartOptions,
): Promise<number> {
  if (name !== undefined && !/^[A-Za-z0-9._-]{1,80}$/.test(name))
    throw new UsageError("--name takes 1 to 80 letters, digits, dots, dashes and underscores.");
  // Loaded only now: the SDK takes its time, and a wrong flag should be told at once.
  const { atPlace } = await import("./place.ts");
  return atPlace(stage, async ({ executions, pollMs }) => {
    executions.require(workflow);
    const started = await executions.start(workflow, await input(), name);
    if (!wait) {
      console.log(json ? JSON.stringify(started, null, 2) : `started ${started.id}  ${started.arn}`);
      return 0;
    }
    const { describeExecution } = await import("./describe-execution.ts");
    while ((await executions.status(started.id)).status === "RUNNING")
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    const ended = await executions.show(started.id);
    console.log(json ? JSON.stringify(ended, null, 2) : describeExecution(ended));
    if (ended.status !== "SUCCEEDED") return 1;
    if (outcomeOf(ended.output) !== "COALESCED") return 0;
    console.error(
      `${started.id} has done nothing: another execution was doing the same, and may not have ended. \`penstock executions --workflow ${workflow} --status running\` lists it. Start again when it has ended: it may not have seen what has arrived since.`,
    );
    return COALESCED;
  });
}
