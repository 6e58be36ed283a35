import type { Flow } from "./states.ts";

/** Transitions of one state as (target, label); the label says why: an error name, "else", or nothing. */
function transitions(state: Flow["States"][string]): { to: string; label: string }[] {
  const next = "Next" in state && state.Next ? [{ to: state.Next, label: "" }] : [];
  const ends =
    state.Type === "Succeed" || state.Type === "Fail" || ("End" in state && state.End)
      ? [{ to: "[*]", label: "" }]
      : [];
  const choices =
    state.Type === "Choice"
      ? [
          ...state.Choices.map(({ Next, Condition }) => ({ to: Next, label: Condition.slice(2, -2).trim() })),
          { to: state.Default, label: "else" },
        ]
      : [];
  const caught =
    "Catch" in state && state.Catch
      ? state.Catch.map(({ Next, ErrorEquals }) => ({ to: Next, label: ErrorEquals.join(", ") }))
      : [];
  return [...next, ...choices, ...caught, ...ends];
}

/** A machine as a Mermaid state diagram, which GitHub draws. Source: https://mermaid.js.org/syntax/stateDiagram.html */
export function diagram(flow: Flow): string {
  const lines = Object.entries(flow.States).flatMap(([name, state]) =>
    // A colon ends a label's name in Mermaid, so none may stand in the label itself.
    transitions(state).map(
      ({ to, label }) => `  ${name} --> ${to}${label ? `: ${label.replaceAll(":", " ")}` : ""}`,
    ),
  );
  return ["stateDiagram-v2", `  [*] --> ${flow.StartAt}`, ...lines].join("\n");
}
