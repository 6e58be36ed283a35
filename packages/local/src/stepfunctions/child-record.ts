import type { Execution, MapRun } from "../engine/index.ts";
import type { ExecutionDetails, ExecutionRecord, Redrivable } from "./execution-record.ts";
import type { MachineRecord } from "./machines.ts";

/** A child execution of a Map Run, in memory. It stays the same over redrives. */
export class ChildRecord implements ExecutionRecord {
  /** An express child that is redriven is another execution under the same ARN. */
  execution: Execution;
  /** The label stands in for the machine: `<machine>/<label>`. */
  readonly machine: MachineRecord;
  readonly #mapRun: MapRun;

  constructor(execution: Execution, machine: MachineRecord, mapRun: MapRun) {
    this.execution = execution;
    this.machine = machine;
    this.#mapRun = mapRun;
  }

  /** Made when it is asked for: most inputs never are. */
  get inputText(): string {
    return JSON.stringify(this.execution.input);
  }

  get awaitsRedrive(): boolean {
    return this.#mapRun.awaitsRedrive(this.execution.facts.arn);
  }

  details(): ExecutionDetails {
    const { outcome, history } = this.execution;
    return { inputText: this.inputText, outcome, history };
  }

  redrivable(): Redrivable {
    const express = this.machine.type === "EXPRESS" && this.execution.status !== "SUCCEEDED";
    const reason = express && this.execution.outcome !== undefined ? undefined : this.execution.notRedrivable;
    return { status: reason === undefined ? "REDRIVABLE_BY_MAP_RUN" : "NOT_REDRIVABLE", reason };
  }
}
