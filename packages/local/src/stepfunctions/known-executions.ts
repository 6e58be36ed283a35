import { ExecutionFiles } from "./execution-files.ts";
import type { ExecutionRecord, KnownExecution } from "./execution-record.ts";
import { Newest } from "./newest.ts";

/** What becomes of executions that have ended. */
export interface Retention {
  /** As many stay in memory of those that succeeded, and as many of the others: only these can be redriven. */
  readonly finished: number;
  /** Each is written here as it ends, and read again once it is no longer in memory. Without it, it is then gone. */
  readonly directory?: string;
}

/** The executions of one account and region that the API answers for, by their ARNs. */
export class KnownExecutions {
  /** The oldest first; one that leaves memory keeps its place. */
  readonly #byArn = new Map<string, KnownExecution>();
  /** In the order in which they ended. Apart, so that many that went well do not push out those to be redriven. */
  readonly #ended: { readonly well: Newest; readonly badly: Newest };
  readonly #files: ExecutionFiles | undefined;

  constructor({ finished, directory }: Retention) {
    this.#ended = { well: new Newest(finished), badly: new Newest(finished) };
    this.#files = directory === undefined ? undefined : new ExecutionFiles(directory);
  }

  find(arn: string): KnownExecution | undefined {
    return this.#byArn.get(arn);
  }

  /** All of them, the oldest first. */
  all(): Iterable<KnownExecution> {
    return this.#byArn.values();
  }

  /** Those in memory, the oldest first: all that run, and those that ended lately. */
  *inMemory(): Iterable<ExecutionRecord> {
    for (const known of this.#byArn.values()) if (isInMemory(known)) yield known;
  }

  /** Takes an execution that begins, or one that was redriven. */
  began(record: ExecutionRecord): void {
    this.#ended.well.delete(record);
    this.#ended.badly.delete(record);
    this.#byArn.set(record.execution.facts.arn, record);
  }

  /** Takes the end of an execution: the oldest beyond the limit leave memory. */
  ended(record: ExecutionRecord): void {
    try {
      this.#files?.write(record);
    } catch (thrown) {
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
      return;
    }
    const lately = record.execution.status === "SUCCEEDED" ? this.#ended.well : this.#ended.badly;
    for (const oldest of lately.add(record)) this.#forget(oldest);
  }

  #forget({ execution, machine }: ExecutionRecord): void {
    const { facts, status, startedAt, stoppedAt, redriveCount, redrivenAt } = execution;
    const files = this.#files;
    if (files === undefined) {
      this.#byArn.delete(facts.arn);
      return;
    }
    const reason =
      status === "SUCCEEDED"
        ? `Execution is ${status} and cannot be redriven`
        : "Execution is only kept as a file and cannot be redriven";
    this.#byArn.set(facts.arn, {
      execution: { facts, status, startedAt, stoppedAt, redriveCount, redrivenAt },
      machine,
      details: () => files.read(machine.name, facts.name),
      redrivable: () => ({ status: "NOT_REDRIVABLE", reason }),
    });
  }
}

/** Whether an execution can still be acted on, and not only be told of. */
export function isInMemory(known: KnownExecution): known is ExecutionRecord {
  return "inputText" in known;
}
