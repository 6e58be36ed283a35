import {
  type ExecutionOptions,
  type HistoryEvent,
  parseDefinition,
  startExecution,
  type TaskCall,
} from "../../packages/local/src/engine/index.ts";
import { virtualClock } from "./virtual-clock.ts";

export type States = Readonly<Record<string, unknown>>;

/** What a test sets; the rest is the same for all. */
export interface Given extends Partial<ExecutionOptions> {
  /** Answers the tasks; without it each task returns its arguments. */
  readonly answer?: (task: TaskCall) => unknown;
  /** Fields of the machine beside its states. */
  readonly machine?: Readonly<Record<string, unknown>>;
}

/** Starts a machine made of these states, the first of which it starts at, on a clock that jumps. */
export function start(
  states: States,
  { answer = ({ arguments: given }) => given, machine, ...options }: Given = {},
) {
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: Object.keys(states)[0],
    States: states,
    ...machine,
  };
  return startExecution(parseDefinition(definition), {
    arn: "arn:aws:states:us-east-1:000000000000:execution:machine:run",
    name: "run",
    machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
    roleArn: "arn:aws:iam::000000000000:role/machine",
    input: {},
    services: { call: async (task) => answer(task) },
    clock: virtualClock(),
    ...options,
  });
}

/** Runs a machine to its end. */
export async function run(states: States, given: Given = {}) {
  const execution = start(states, given);
  const outcome = await execution.result;
  return { execution, outcome, history: execution.history };
}

/** The output of a machine; a failure is shown where an output was wanted. */
export async function outputOf(states: States, given: Given = {}): Promise<unknown> {
  const { outcome } = await run(states, given);
  return outcome.status === "SUCCEEDED" ? outcome.output : outcome;
}

/** `id<previous Type`, for histories whose numbering matters. */
export function numbered(history: readonly HistoryEvent[]): string[] {
  return history.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
}

export function types(history: readonly HistoryEvent[]): string[] {
  return history.map(({ type }) => type);
}

/** A Task state that calls `f`; what it returns is up to `answer`. */
export const task = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f" },
};
