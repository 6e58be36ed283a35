import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const KEPT_CHARACTERS = 256 * 1024;

/** What a function prints: the latest kept in memory, all of it in a file where a folder is given. */
export class FunctionLog {
  #text = "";
  /** How much of the whole log is no longer in memory. */
  #dropped = 0;
  readonly #file: string | undefined;

  constructor(functionName: string, directory: string | undefined) {
    if (directory !== undefined) mkdirSync(directory, { recursive: true });
    this.#file = directory === undefined ? undefined : join(directory, `${functionName}.log`);
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length > 2 * KEPT_CHARACTERS) {
      this.#dropped += this.#text.length - KEPT_CHARACTERS;
      this.#text = this.#text.slice(-KEPT_CHARACTERS);
    }
    if (this.#file !== undefined) appendFileSync(this.#file, text);
  }

  /** The position behind the last character written. */
  get position(): number {
    return this.#dropped + this.#text.length;
  }

  /** What was written since a position, as far as it is still in memory. */
  since(position: number): string {
    return this.#text.slice(Math.max(0, position - this.#dropped));
  }

  get recent(): string {
    return this.#text;
  }
}
