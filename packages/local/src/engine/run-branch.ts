import { setImmediate } from "node:timers/promises";
import type { Branch } from "./branch.ts";
import { StateFailure, stateErrors } from "./failures.ts";

/** After so many transitions of one execution, timers and sockets of the process get their turn. */
const transitionsPerTurn = 512;

/** States that stay entered when a redrive resumes them; the others are entered again. */
const resumable = new Set(["Task", "Wait", "Parallel", "Map"]);

/**
 * Runs a branch from where it stands to the end of its flow, one state after the other.
 * @returns the output of its last state
 * @throws StateFailure when a state fails, Interrupted when the branch is no longer wanted
 */
export async function runBranch(branch: Branch): Promise<unknown> {
  let next: string | undefined = branch.at?.name ?? branch.flow.startAt;
  while (next !== undefined) {
    const state = branch.flow.states.get(next);
    if (state === undefined) throw new StateFailure(stateErrors.runtime, `There is no state '${next}'`);
    if (branch.resumed && resumable.has(state.type)) branch.reenter();
    else branch.enter(state);
    const running = state.run(branch);
    const step = running instanceof Promise ? await running : running;
    branch.resumed = false;
    branch.input = step.output;
    next = step.next;
    if (++branch.run.transitions % transitionsPerTurn === 0) await setImmediate();
  }
  branch.output = { value: branch.input };
  return branch.input;
}
