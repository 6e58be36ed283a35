import type { Flow } from "./states.ts";

/**
 * A flow whose states carry a suffix: Step Functions wants the names of all states of a machine to differ, also those
 * of two branches of the same form.
 */
export function suffixed(flow: Flow, suffix: string): Flow {
  const States = Object.fromEntries(
    Object.entries(flow.States).map(([name, state]) => [name + suffix, aimed(state, suffix)]),
  );
  return { StartAt: flow.StartAt + suffix, States };
}

function aimed(state: Flow["States"][string], suffix: string): Flow["States"][string] {
  if (state.Type === "Succeed" || state.Type === "Fail") return state;
  const next = <Target extends { readonly Next: string }>(target: Target): Target => ({
    ...target,
    Next: target.Next + suffix,
  });
  if (state.Type === "Choice")
    return { ...state, Choices: state.Choices.map(next), Default: state.Default + suffix };
  const ending = state.Next === undefined ? state : next(state);
  return "Catch" in ending && ending.Catch ? { ...ending, Catch: ending.Catch.map(next) } : ending;
}
