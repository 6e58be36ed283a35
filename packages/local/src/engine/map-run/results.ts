import type { Branch } from "../branch.ts";
import type { Execution, Outcome } from "../execution.ts";
import type { ChildInput } from "./item-batcher.ts";
import type { MapRun } from "./map-run.ts";

/** A child execution that has ended. */
export interface EndedChild {
  /** Its place among the children. */
  readonly index: number;
  readonly execution: Execution;
  readonly outcome: Outcome;
}

/** What becomes of the results of child executions. Kept from one attempt of a Map Run to its redrive. */
export interface Results {
  /** Whether they are written to a bucket. */
  readonly exported: boolean;
  /** Before the children of an attempt run. @throws StateFailure when the results could not be written */
  open(branch: Branch, mapRun: MapRun): Promise<void>;
  /** @throws StateFailure when it cannot be written */
  add(child: EndedChild): Promise<void> | undefined;
  /**
   * After the last child of an attempt has ended.
   * @param pending the inputs of children that the attempt did not come to, when it was cut short
   * @returns the result of the state @throws StateFailure
   */
  close(
    branch: Branch,
    mapRun: MapRun,
    pending: AsyncIterable<ChildInput> | undefined,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** Lets go of what it holds: nobody will ask any more. */
  release(): void;
}

/** The JSON of an execution in AWS's form: what a result is without any transformation. */
export function described({ execution, outcome }: EndedChild): Readonly<Record<string, unknown>> {
  const { facts, redriveCount, notRedrivable, redrivenAt } = execution;
  const succeeded = outcome.status === "SUCCEEDED";
  const failure = succeeded
    ? {}
    : {
        ...(outcome.cause === undefined ? {} : { Cause: outcome.cause }),
        ...(outcome.error === undefined ? {} : { Error: outcome.error }),
      };
  return {
    ...failure,
    ExecutionArn: facts.arn,
    Input: JSON.stringify(execution.input),
    InputDetails: { Included: true },
    Name: facts.name,
    ...(succeeded ? { Output: JSON.stringify(outcome.output) } : {}),
    OutputDetails: { Included: true },
    RedriveCount: redriveCount,
    ...(redrivenAt === undefined ? {} : { RedriveDate: instant(redrivenAt) }),
    RedriveStatus: notRedrivable === undefined ? "REDRIVABLE_BY_MAP_RUN" : "NOT_REDRIVABLE",
    ...(notRedrivable === undefined ? {} : { RedriveStatusReason: notRedrivable }),
    StartDate: instant(execution.startedAt),
    StateMachineArn: facts.machineArn,
    Status: outcome.status,
    StopDate: instant(execution.stoppedAt ?? execution.startedAt),
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
