import type { Branch } from "../branch.ts";
import { Interrupted, StateFailure } from "../failures.ts";
import { parseResource } from "../resource.ts";
import { failureOf } from "../tokens.ts";

type Members = Readonly<Record<string, unknown>>;

/** Calls an action of S3, such as `getObject`, with the API's own arguments, and gives the API's own answer. */
export type S3Calls = (action: string, args: Members) => Promise<Members>;

/**
 * S3 as a Distributed Map reads and writes it: calls of the machine's role, through the port of all tasks. The body of
 * an object is text, bytes, or an async iterable of bytes.
 * @throws StateFailure under the name `error` whenever a call fails
 */
export function s3Calls(branch: Branch, error: string, signal: AbortSignal = branch.signal): S3Calls {
  const { clock, facts, services } = branch.run;
  const state = { name: branch.at?.name ?? "", retryCount: branch.retryCount };
  return async (action, args) => {
    const resource = `arn:aws:states:::s3:${action}`;
    const target = parseResource(resource);
    if (target === undefined) throw new Error(`${resource} is no resource`);
    const submitted = () => {};
    const ended = clock.working?.();
    try {
      const answer = await services.call({
        resource,
        target,
        arguments: args,
        signal,
        execution: facts,
        state,
        submitted,
      });
      return Object(answer);
    } catch (thrown) {
      if (signal.aborted) throw new Interrupted();
      throw new StateFailure(error, failureOf(thrown).failureCause ?? `s3:${action} failed`);
    } finally {
      ended?.();
    }
  };
}

/** A member of an answer or of arguments that is to be text; undefined when it is anything else. */
export function textOf(members: Members, name: string): string | undefined {
  const value = members[name];
  return typeof value === "string" ? value : undefined;
}
