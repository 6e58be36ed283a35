import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import type { ExecutionDetails, ExecutionRecord } from "./execution-record.ts";

const Failure = { error: v.optional(v.string()), cause: v.optional(v.string()) };

const Finished = v.object({
  /** As it was given, to the letter. */
  input: v.string(),
  result: v.variant("status", [
    v.object({ status: v.literal("SUCCEEDED"), output: v.unknown() }),
    v.object({ status: v.picklist(["FAILED", "TIMED_OUT", "ABORTED"]), ...Failure }),
  ]),
  history: v.array(
    v.object({
      id: v.number(),
      previousEventId: v.number(),
      timestamp: v.string(),
      type: v.string(),
      details: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
});

/** The file of a finished execution cannot be written or read. The message says which and why. */
export class ExecutionFileFailed extends Error {
  override readonly name = "ExecutionFileFailed";
}

/**
 * Finished executions as files, `<machine>/<name>.json`, one for each, overwritten when a redrive ends. Instants in
 * them are ISO 8601; inputs and outputs in the history are values, not text in text.
 *
 * Written at once and not in turns: then the file is there before anybody is told that the execution has ended, and
 * an interrupted cloud has lost none.
 */
export class ExecutionFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws ExecutionFileFailed */
  write({ execution, machine, inputText }: ExecutionRecord): void {
    const { facts, outcome, startedAt, stoppedAt, redrivenAt, redriveCount } = execution;
    const content = {
      executionArn: facts.arn,
      stateMachineArn: facts.machineArn,
      name: facts.name,
      startDate: instant(startedAt),
      stopDate: instant(stoppedAt),
      redriveCount,
      redriveDate: instant(redrivenAt),
      input: inputText,
      result: outcome,
      history: execution.history.map((event) => ({ ...event, timestamp: instant(event.timestamp) })),
    };
    const file = this.#file(machine.name, facts.name);
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
    } catch (thrown) {
      throw failed(`${facts.arn} cannot be written to ${file}; it stays in memory only`, thrown);
    }
  }

  /** @throws ExecutionFileFailed when the file is gone, or is not as it was written */
  read(machineName: string, name: string): ExecutionDetails {
    const file = this.#file(machineName, name);
    try {
      const { input, result, history } = v.parse(Finished, JSON.parse(readFileSync(file, "utf8")));
      return {
        inputText: input,
        outcome:
          result.status === "SUCCEEDED"
            ? { status: result.status, output: result.output }
            : { status: result.status, error: result.error, cause: result.cause },
        history: history.map(({ timestamp, details, ...event }) => ({
          ...event,
          timestamp: Date.parse(timestamp),
          details,
        })),
      };
    } catch (thrown) {
      throw failed(`${file}, which an ended execution was written to, cannot be read`, thrown);
    }
  }

  #file(machineName: string, name: string): string {
    // The machine of a Map Run's children is `<machine>/<label>`.
    const folders = machineName.split("/").map(fileName);
    return path.join(this.#directory, ...folders, `${fileName(name)}.json`);
  }
}

/** Bytes that every file system takes, the ending included. */
const longestName = 200;

/** Names may be `..`, and 80 characters of four bytes each. `%` is in no name, so none of these is another's. */
function fileName(name: string): string {
  if (Buffer.byteLength(name) > longestName) return `%${createHash("sha256").update(name).digest("hex")}`;
  return name.replace(/^\./, "%2E");
}

function instant(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

function failed(what: string, thrown: unknown): ExecutionFileFailed {
  return new ExecutionFileFailed(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
