import { awsFailure } from "../aws/failures.ts";
import { NamedError, Unexpected } from "../errors.ts";

/**
 * Any failure under a name of `errors.ts`. An error that is not ours may quote data in its message (a parser's, an
 * engine's), so of it only kind and place are kept.
 */
export function named(thrown: unknown): NamedError {
  if (thrown instanceof NamedError) return thrown;
  if (thrown instanceof Error && "$metadata" in thrown) return awsFailure("a call to AWS", thrown);
  if (!(thrown instanceof Error))
    return new Unexpected(`something that is no error was thrown (${typeof thrown})`);
  const frames = (thrown.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const error = new Unexpected(
    `${thrown.name}${frames[0] === undefined ? "" : ` ${frames[0].trim()}`}; its message is withheld, as it may quote a value of a row`,
  );
  error.stack = [`Unexpected: ${thrown.name}`, ...frames].join("\n");
  return error;
}
