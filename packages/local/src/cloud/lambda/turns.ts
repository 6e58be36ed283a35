/**
 * Who may run next. A fixed number run at the same time; among those that wait, the one goes first whose kind has the
 * fewest running, and of those the one that came first. So a function with many long invocations in line does not hold
 * up the short ones of another: on AWS neither would wait.
 */
export class Turns {
  readonly #limit: number;
  readonly #running = new Map<string, number>();
  readonly #waiting: { readonly kind: string; readonly admit: (admitted: boolean) => void }[] = [];
  readonly #onQuiet: (() => void)[] = [];
  #total = 0;
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get running(): number {
    return this.#total;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Settles when it is the caller's turn: true, or false when it will not come any more. */
  take(kind: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push({ kind, admit: resolve });
      this.#admit();
    });
  }

  /** Ends a turn that was taken. */
  giveBack(kind: string): void {
    this.#total -= 1;
    this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1);
    this.#admit();
  }

  /** Settles when few wait: the moment to begin something new. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#onQuiet.push(resolve);
      this.#tell();
    });
  }

  #admit(): void {
    while (this.#waiting.length > 0 && (this.#closed || this.#total < this.#limit)) {
      const counts = this.#waiting.map(({ kind }) => this.#running.get(kind) ?? 0);
      const [next] = this.#waiting.splice(counts.indexOf(Math.min(...counts)), 1);
      if (next === undefined) break;
      if (!this.#closed) {
        this.#total += 1;
        this.#running.set(next.kind, (this.#running.get(next.kind) ?? 0) + 1);
      }
      next.admit(!this.#closed);
    }
    this.#tell();
  }

  #tell(): void {
    if (!this.#closed && this.#waiting.length > 4 * this.#limit) return;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
  }

  /** Nobody has a turn any more. */
  close(): void {
    this.#closed = true;
    this.#admit();
  }
}
