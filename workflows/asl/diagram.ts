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
  return ["stateDiagram-v2", ...indented(body(flow))].join("\n");
}

function body(flow: Flow): string[] {
  const lines = Object.entries(flow.States).flatMap(([name, state]) => [
    ...(state.Type === "Parallel" ? branches(name, state.Branches) : []),
    ...(state.Type === "Map" ? [`state ${name} {`, ...indented(body(state.ItemProcessor)), "}"] : []),
    // A colon ends a label's name in Mermaid, so none may stand in the label itself.
    ...transitions(state).map(
      ({ to, label }) => `${name} --> ${to}${label ? `: ${label.replaceAll(":", " ")}` : ""}`,
    ),
  ]);
  return [`[*] --> ${flow.StartAt}`, ...lines];
}

/** What happens side by side. Branches that differ in the ends of their states' names only are drawn once, under all these. */
function branches(name: string, flows: readonly Flow[]): string[] {
  const forms = new Map<string, { ends: string[]; lines: string[] }>();
  for (const flow of flows) {
    const end = commonEnd(Object.keys(flow.States));
    const lines = body(flow);
    const form = lines
      .map((line) => line.replaceAll(new RegExp(`${end}(?= |:|$)`, "g"), ""))
      .join("\n")
      .replaceAll(/'[^']*'/g, "");
    const known = forms.get(form) ?? { ends: [], lines };
    known.ends.push(end);
    forms.set(form, known);
  }
  const drawn = [...forms.values()].flatMap(({ ends, lines }, index) => [
    ...(index === 0 ? [] : ["--"]),
    `state "${ends.join(", ")}" as ${name}${index + 1} {`,
    ...indented(lines),
    "}",
  ]);
  return [`state ${name} {`, ...indented(drawn), "}"];
}

function commonEnd(names: readonly string[]): string {
  const [first = "", ...others] = names;
  for (let from = 0; from < first.length; from++) {
    const end = first.slice(from);
    if (others.every((name) => name.endsWith(end))) return end;
  }
  return "";
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
