/** Which keys, in their order; a `limit` below 0 is none. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/**
 * Texts by their keys, in memory. Keys are put in order when somebody looks at a range of them, not when they are
 * written: most are only ever looked up.
 */
export class OrderedTexts {
  readonly #texts = new Map<string, string>();
  /** In order, as of the last look at a range; some may be gone since. Never changed, only replaced. */
  #ordered: readonly string[] = [];
  /** Keys that came since then. */
  readonly #new = new Set<string>();

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  put(key: string, text: string): void {
    if (!this.#texts.has(key)) this.#new.add(key);
    this.#texts.set(key, text);
  }

  delete(key: string): void {
    this.#texts.delete(key);
    this.#new.delete(key);
  }

  /** Keys of a range as they are now. */
  keys({ gt, gte, lt, lte, reverse = false, limit = -1 }: KeyRange = {}): readonly string[] {
    const ordered = this.#inOrder();
    const first = gt !== undefined ? countUntil(ordered, gt, true) : countUntil(ordered, gte ?? "", false);
    const last =
      lt !== undefined
        ? countUntil(ordered, lt, false)
        : lte !== undefined
          ? countUntil(ordered, lte, true)
          : ordered.length;
    const most = limit < 0 ? last - first : limit;
    if (!reverse) return ordered.slice(first, Math.min(last, first + most));
    return ordered.slice(Math.max(first, last - most), last).toReversed();
  }

  #inOrder(): readonly string[] {
    if (this.#new.size > 0 || this.#ordered.length !== this.#texts.size) {
      // One that went and came again is among both.
      const keys = new Set([...this.#ordered, ...this.#new]);
      this.#ordered = [...keys].filter((key) => this.#texts.has(key)).toSorted();
      this.#new.clear();
    }
    return this.#ordered;
  }
}

/** How many keys lie before a key, or `through` it. */
function countUntil(ordered: readonly string[], key: string, through: boolean): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = ordered[middle] ?? "";
    if (found < key || (through && found === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
