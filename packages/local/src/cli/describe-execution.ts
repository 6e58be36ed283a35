import type { Execution, StateRun } from "@penstock/contracts";
import Table from "cli-table3";

/** A length of time for people. */
export function duration(milliseconds: number | null): string {
  if (milliseconds === null) return "";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** From a start to an end; empty while there is no end. */
export function between(start: string, end: string | null): string {
  return end === null ? "" : duration(Date.parse(end) - Date.parse(start));
}

/** A table without colours: these lists are read by pipes too. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

/** An execution for people: how it stands, what went in and came out, and its states. */
export function describeExecution(execution: Execution): string {
  const { id, status, started_at, stopped_at, redrives, error, cause } = execution;
  const facts: [string, string | null][] = [
    ["execution", id],
    ["arn", execution.arn],
    ["status", `${status}${execution.redrivable ? " (can be redriven)" : ""}`],
    ["started", started_at],
    ["ended", stopped_at === null ? null : `${stopped_at}, after ${between(started_at, stopped_at)}`],
    ["redrives", redrives === 0 ? null : String(redrives)],
    ["input", JSON.stringify(execution.input)],
    ["output", execution.output === null ? null : JSON.stringify(execution.output)],
    ["error", error],
    ["cause", cause],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(10)}${value}`]));
  const states = table(
    ["state", "type", "status", "entered", "took", "retries", "error"],
    execution.states.map(row),
  );
  return `${lines.join("\n")}\n${states}`;
}

function row({ name, type, status, entered_at, duration_ms, retries, error }: StateRun) {
  return [name, type, status, entered_at.slice(11, 23), duration(duration_ms), retries, error ?? ""];
}
