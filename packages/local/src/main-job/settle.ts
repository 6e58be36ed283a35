import { setTimeout as sleep } from "node:timers/promises";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Check, check } from "./balance.ts";
import { machineArn, type Run } from "./run.ts";

/** How often the cloud is asked whether anything is under way. It is asked again at once after each change. */
const pollMilliseconds = 50;

/** Waits until nothing is under way any more: no execution runs, no event is undelivered, no function works. */
export async function settle({ cloud, signal }: Run): Promise<void> {
  // Twice in a row, because what ends one thing may be about to begin another.
  for (let quiet = 0; quiet < 2; ) {
    const { deliveries, invocations, executions } = cloud.pending();
    quiet = deliveries + invocations + executions === 0 ? quiet + 1 : 0;
    await sleep(pollMilliseconds, undefined, { signal });
  }
}

const Pass = v.object({
  status: v.string(),
  released: v.number(),
  duplicates: v.number(),
  expired: v.number(),
});

/**
 * Reconciles once by hand. The events of the curated objects have had it done already, so a pass now must
 * find nothing left to do: that is what the check says.
 */
export async function reconcileByHand(run: Run): Promise<Check> {
  const started = await run.stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn: machineArn(run, "reconcile"), input: "{}" }),
  );
  await settle(run);
  const { status, output, error, cause } = await run.stepFunctions.send(
    new DescribeExecutionCommand({ executionArn: started.executionArn }),
  );
  const pass = v.safeParse(Pass, output === undefined ? undefined : JSON.parse(output));
  const name = "reconciled by its events";
  if (!pass.success) {
    return {
      name,
      holds: false,
      detail: `the pass by hand ended ${status}: ${error ?? "no error"}, ${cause ?? output}`,
    };
  }
  const { released, duplicates, expired } = pass.output;
  const left = [
    ...(released === 0 ? [] : [`${released} rows to release`]),
    ...(duplicates === 0 ? [] : [`${duplicates} duplicates to drop`]),
    ...(expired === 0 ? [] : [`${expired} rows to expire`]),
  ];
  return check(name, left, "a pass by hand afterwards had nothing left to do");
}
