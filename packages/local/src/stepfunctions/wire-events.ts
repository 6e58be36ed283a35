import type { HistoryEvent } from "../engine/index.ts";
import { seconds } from "./request.ts";

/** Details that are values in the engine and JSON text on the wire, with the member that tells of a truncation. */
const texts = new Map([
  ["input", "inputDetails"],
  ["output", "outputDetails"],
  ["parameters", undefined],
]);

/** One history event as GetExecutionHistory returns it; without data when the caller asked for none. */
export function wireEvent(event: HistoryEvent, includeData: boolean): Readonly<Record<string, unknown>> {
  const { id, previousEventId, timestamp, type, details } = event;
  const base = { id, previousEventId, timestamp: seconds(timestamp), type };
  if (details === undefined) return base;
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) {
    if (texts.has(name)) {
      const detailsName = texts.get(name);
      if (includeData || name === "parameters") wire[name] = JSON.stringify(value);
      if (detailsName !== undefined)
        wire[detailsName] = includeData ? { truncated: false } : { included: false };
    } else if (name === "assignedVariables") {
      if (includeData) wire.assignedVariables = variableTexts(value);
      wire.assignedVariablesDetails = { truncated: false };
    } else wire[name] = value;
  }
  return { ...base, [detailsMember(type)]: wire };
}

function variableTexts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, held]) => [name, JSON.stringify(held)]));
}

/** `TaskStateEntered` → `stateEnteredEventDetails`, `TaskFailed` → `taskFailedEventDetails`. */
function detailsMember(type: string): string {
  const state = /State(Entered|Exited)$/.exec(type)?.[1];
  const name = state === undefined ? type : `state${state}`;
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`;
}
