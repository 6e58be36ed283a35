import type { Execution, HistoryEvent, Outcome } from "../engine/index.ts";
import type { MachineRecord } from "./machines.ts";

/** What a list tells of an execution; an execution of the engine is one. */
export type ExecutionSummary = Pick<
  Execution,
  "facts" | "status" | "startedAt" | "stoppedAt" | "redriveCount" | "redrivenAt"
>;

/** What DescribeExecution and GetExecutionHistory tell beside. */
export interface ExecutionDetails {
  /** As it was given, to the letter. */
  readonly inputText: string;
  /** Undefined while it runs. */
  readonly outcome: Outcome | undefined;
  readonly history: readonly HistoryEvent[];
}

/** Whether an execution can be redriven, and why not. */
export interface Redrivable {
  /** A child execution of a Map Run is redriven with it, never alone. */
  readonly status: "REDRIVABLE" | "NOT_REDRIVABLE" | "REDRIVABLE_BY_MAP_RUN";
  readonly reason: string | undefined;
}

/** An execution that the API answers for, and the machine as it was when it started. */
export interface KnownExecution {
  readonly execution: ExecutionSummary;
  readonly machine: MachineRecord;
  details(): ExecutionDetails;
  redrivable(): Redrivable;
}

/** One that is in memory: it runs, or ended lately. */
export interface ExecutionRecord extends KnownExecution {
  readonly execution: Execution;
  readonly inputText: string;
}

/** The record of an execution that has just been started. */
export function executionRecord(
  execution: Execution,
  machine: MachineRecord,
  inputText: string,
): ExecutionRecord {
  return {
    execution,
    machine,
    inputText,
    details: () => ({ inputText, outcome: execution.outcome, history: execution.history }),
    redrivable: () => {
      const express =
        machine.type === "EXPRESS" ? "Executions of EXPRESS state machines cannot be redriven" : undefined;
      const reason = express ?? execution.notRedrivable;
      return { status: reason === undefined ? "REDRIVABLE" : "NOT_REDRIVABLE", reason };
    },
  };
}
