/** The command was called with arguments that it does not take: exit code 2, the usage is printed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Errors of node:util's parseArgs have codes of this form. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** What the exit codes of the commands about executions mean; part of their usage. */
export const exitCodes =
  "Exit codes: 0 done, 1 the execution failed, 2 wrong usage, 3 not found, refused or out of reach,\n" +
  "4 left to another execution that was doing the same (with --wait).";

/** Exit code for an execution that was waited for and left its work to another one, which may not have done it yet. */
export const COALESCED = 4;

/**
 * Runs a command and turns what it throws into an exit code: 2 for wrong arguments, with the usage; another for an
 * error with a name, without a stack trace.
 *
 * @param failed the code for everything that is not wrong usage
 */
export async function exitCodeOf(usage: string, run: () => Promise<number>, failed = 1): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      console.error(`${error.message}\n\n${usage}`);
      return 2;
    }
    if (!(error instanceof Error)) throw error;
    console.error(`${error.name}: ${error.message}`);
    return failed;
  }
}

/** Options that every command about executions has. */
export const placeOptions = {
  stage: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;
