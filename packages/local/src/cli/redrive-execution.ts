import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { DeadLetter } from "./dead-letters.ts";

/** The dead letter has no input, and the execution that had it is gone. */
export class InputLost extends Error {
  override readonly name = "InputLost";
}

/** What was done about a dead letter. */
export type Redriven =
  | { readonly how: "redriven"; readonly execution: string }
  | { readonly how: "started anew"; readonly execution: string }
  /** Someone was faster, or a redrive before this one ended between its two steps. */
  | { readonly how: "already running" | "already succeeded"; readonly execution: string };

async function describe(client: SFNClient, executionArn: string) {
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

async function startAnew(
  client: SFNClient,
  letter: DeadLetter,
  knownInput: string | undefined,
): Promise<Redriven> {
  const input = letter.input ?? knownInput;
  if (input === undefined) {
    throw new InputLost(
      `The input of ${letter.execution} was too large for the dead letter, and the execution is gone.`,
    );
  }
  // One name for one letter: a second try after a crash finds the execution that the first one started.
  const name = `redrive-${letter.id}`;
  try {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn: letter.machine, name, input }),
    );
    return { how: "started anew", execution: started.executionArn ?? "" };
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    return {
      how: "started anew",
      execution: `${letter.machine.replace(":stateMachine:", ":execution:")}:${name}`,
    };
  }
}

/**
 * Takes an execution up again at the states that failed; where Step Functions cannot, starts it anew with the original
 * input. Calling it twice for one letter does nothing twice.
 * @throws {InputLost}
 */
export async function redriveExecution(client: SFNClient, letter: DeadLetter): Promise<Redriven> {
  const known = await describe(client, letter.execution);
  if (known === undefined) return startAnew(client, letter, undefined);
  if (known.status === "RUNNING") return { how: "already running", execution: letter.execution };
  if (known.status === "SUCCEEDED") return { how: "already succeeded", execution: letter.execution };
  try {
    await client.send(
      new RedriveExecutionCommand({ executionArn: letter.execution, clientToken: letter.id }),
    );
    return { how: "redriven", execution: letter.execution };
  } catch (error) {
    if (!(error instanceof ExecutionNotRedrivable || error instanceof ExecutionDoesNotExist)) throw error;
    return startAnew(client, letter, known.input);
  }
}
