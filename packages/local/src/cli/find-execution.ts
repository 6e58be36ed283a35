import { executionArn, executionId, UnknownExecution } from "@penstock/runtime/executions";
import type { Place } from "./place.ts";
import { UsageError } from "./usage.ts";

/**
 * The id of the execution that a text means: an id (`<workflow>:<name>`), an ARN, or a name alone.
 *
 * @throws {UnknownExecution} {@link UsageError} for a name that executions of several workflows have
 */
export async function findExecution({ executions, machines }: Place, given: string): Promise<string> {
  if (given.startsWith("arn:")) {
    const workflow = Object.keys(machines).find((each) =>
      given.startsWith(executionArn(machines[each] ?? "", "")),
    );
    if (workflow === undefined) throw new UnknownExecution(given);
    return executionId(workflow, given.slice(executionArn(machines[workflow] ?? "", "").length));
  }
  if (given.includes(":")) return given;
  const found: string[] = [];
  for (const workflow of executions.workflows) {
    const id = executionId(workflow, given);
    await executions.status(id).then(
      () => found.push(id),
      (error: unknown) => {
        if (!(error instanceof UnknownExecution)) throw error;
      },
    );
  }
  const [id, ...others] = found;
  if (id === undefined) throw new UnknownExecution(given);
  if (others.length > 0)
    throw new UsageError(`Several executions are named "${given}": ${found.join(", ")}.`);
  return id;
}
