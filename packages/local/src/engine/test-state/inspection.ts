import type { Branch } from "../branch.ts";
import type { HistoryEvent } from "../history.ts";
import type { StateTrial } from "./state-trial.ts";

/** How the data went through a tested state; values here, JSON text on the wire. Only what there is. */
export interface Inspection {
  readonly input: unknown;
  readonly afterArguments?: unknown;
  readonly result?: unknown;
  readonly afterItemSelector?: unknown;
  readonly afterItemBatcher?: unknown;
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
  readonly variables?: unknown;
  readonly errorDetails?: ErrorDetails;
}

/** Which retrier or catcher took the failure over. */
export type ErrorDetails =
  | { readonly retryIndex: number; readonly retryBackoffIntervalSeconds: number }
  | { readonly catchIndex: number };

/** What a task was given, and what it answered, by the event that tells it and the field in it. */
const told: readonly [keyof Inspection, string, string][] = [
  ["afterArguments", "TaskScheduled", "parameters"],
  ["afterArguments", "LambdaFunctionScheduled", "input"],
  ["result", "TaskSucceeded", "output"],
  ["result", "LambdaFunctionSucceeded", "output"],
];

/** Reads the inspection off the events of the test and what the trial was told. */
export function inspect(
  input: unknown,
  events: readonly HistoryEvent[],
  { variables }: Branch,
  { findings }: StateTrial,
): Inspection {
  const { maxConcurrency, tolerance, selected, batches } = findings;
  const ofTask = told.flatMap(([field, type, detail]) => {
    const event = events.find((each) => each.type === type);
    return event === undefined ? [] : [[field, event.details?.[detail]] as const];
  });
  return {
    input,
    ...Object.fromEntries(ofTask),
    ...(selected === undefined ? {} : { afterItemSelector: selected }),
    ...(batches === undefined ? {} : { afterItemBatcher: batches }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(tolerance?.count === undefined ? {} : { toleratedFailureCount: tolerance.count }),
    ...(tolerance?.percentage === undefined ? {} : { toleratedFailurePercentage: tolerance.percentage }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}
