import path from "node:path";
import type { CreatedResource } from "./aws-answers.ts";
import type { ProgramFault } from "./errors.ts";

/** Collects what a program throws, and finds out where and on which resource. */
export class FaultLog {
  readonly #root: string;
  readonly #faults: ProgramFault[] = [];
  /** Resources that were constructed and whose inputs have not resolved yet. */
  readonly #pending = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  get empty(): boolean {
    return this.#faults.length === 0;
  }

  /** A resource was constructed: its inputs are still to be resolved. */
  expect(type: string, name: string): undefined {
    this.#pending.add(`${type} ${name}`);
  }

  /** Wraps the answer to a resource, so that an error in it is filed under that resource. */
  watch<Answer>(answer: (resource: CreatedResource) => Promise<Answer>) {
    return async (resource: CreatedResource): Promise<Answer> => {
      const label = `${resource.type} ${resource.name}`;
      this.#pending.delete(label);
      try {
        return await answer(resource);
      } catch (error) {
        this.add(error, label);
        throw error;
      }
    };
  }

  /** Wraps the answer to a question, whose error Pulumi passes on as text inside another. */
  watchCall<Question, Answer>(answer: (question: Question) => Answer): (question: Question) => Answer {
    return (question) => {
      try {
        return answer(question);
      } catch (error) {
        this.add(error);
        throw error;
      }
    };
  }

  /** Files an error once, however many outputs it makes fail and however often it is wrapped on the way. */
  add(thrown: unknown, resource: string | null = null): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    // Pulumi wraps an error's text in its own, or leaves none of it.
    const known = this.#faults.some(({ message }) => message !== "" && error.message.includes(message));
    if (known || (error.message === "" && !this.empty)) return;
    this.#faults.push({
      error: error.name,
      message: error.message,
      place: this.#place(error.stack ?? ""),
      resource,
    });
  }

  /** The program came to rest before it was done: an output waits for itself, or a promise for nobody. */
  addUnfinished(): void {
    const waiting = [...this.#pending].join(", ");
    this.#faults.push({
      error: "ProgramUnfinished",
      message: `The program waits for something that will never come${waiting ? `; without their inputs: ${waiting}` : ""}.`,
      place: null,
      resource: null,
    });
  }

  /** Every fault; where a fault names no resource, the ones that never got their inputs are named. */
  list(): ProgramFault[] {
    const held = [...this.#pending].filter((label) => !label.startsWith("sst:"));
    return this.#faults.map((fault) => ({
      ...fault,
      resource: fault.resource ?? (held.length > 0 ? held.slice(0, 5).join(", ") : null),
    }));
  }

  /** The innermost frame that is the program's own source, not the platform's and not a package's. */
  #place(stack: string): string | null {
    for (const frame of stack.split("\n")) {
      const file = /(?:\(|at )(?:file:\/\/)?(\/[^()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
      if (file === undefined) continue;
      const relative = path.relative(this.#root, file);
      if (!/^(\.\.|\.sst|node_modules|packages\/local\/src\/render)\//.test(relative)) return relative;
    }
    return null;
  }
}
