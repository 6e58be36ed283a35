/** What a phrase leaves behind that was understood: no word goes over it. */
const TAKEN = "·";
const OPEN = "⟨";
const CLOSE = "⟩";

/** A value as it may stand in a question: in quotes, or a word. */
export const VALUE = "(?:⟨\\d+⟩|[\\p{L}\\p{N}_-]+)";

/** A question that these rules do not understand; the message says what of it. */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
}

/** A phrase that was taken out. */
export interface Phrase {
  /** What stood in the groups of the pattern; empty where a group had no part in it. */
  readonly of: readonly string[];
  /** The whole phrase. */
  readonly text: string;
  /** What stands before it. */
  readonly before: string;
}

/**
 * A question that is read phrase by phrase. What is understood is taken out; what is left at the end was not.
 */
export class Question {
  readonly #quoted: string[] = [];
  #left: string;

  constructor(text: string) {
    this.#left = text
      .replaceAll(/[·⟨⟩]/g, " ")
      .replaceAll(/(?<![\p{L}\p{N}])(?:'([^']+)'|"([^"]+)"|“([^”]+)”)/gu, (_, ...found) => {
        const value = found.slice(0, 3).find((each) => typeof each === "string");
        // A name that could stand without its quotes is a word.
        if (/^[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+$/u.test(value ?? "")) return ` ${value} `;
        this.#quoted.push(value ?? "");
        return ` ${OPEN}${this.#quoted.length - 1}${CLOSE} `;
      })
      .replaceAll("%", " percent ")
      .replaceAll(/(?:R\$|[$€£])(?=\s?\d)/g, " ")
      .replaceAll(/(?<=\d),(?=\d{3}\b)/g, "")
      .replaceAll(/[?!;:()]|\.(?!\d)|['’]s\b/g, " ")
      .replaceAll(/\s+/g, " ");
  }

  /** Takes the first place that the pattern fits, case apart; undefined where there is none. */
  take(pattern: string, flags = "iu"): Phrase | undefined {
    const found = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${pattern})(?![\\p{L}\\p{N}_])`, flags).exec(
      this.#left,
    );
    if (found === null) return undefined;
    const [text, ...groups] = found;
    const before = this.#left.slice(0, found.index).trim();
    const after = this.#left.slice(found.index + text.length).trim();
    this.#left = `${before} ${TAKEN} ${after}`;
    return { of: groups.map((group) => group ?? ""), text, before };
  }

  /** Takes every place that the pattern fits, from the left. */
  *all(pattern: string, flags?: string): Generator<Phrase> {
    for (let found = this.take(pattern, flags); found !== undefined; found = this.take(pattern, flags))
      yield found;
  }

  /** The value that stands for itself or, in quotes, was put aside. */
  value(word: string): string {
    const at = /^⟨(\d+)⟩$/.exec(word)?.[1];
    return at === undefined ? word : (this.#quoted[Number(at)] ?? "");
  }

  /** Words that nothing was made of. */
  left(): string[] {
    return this.#left.match(/⟨\d+⟩|[\p{L}\p{N}_-]+/gu)?.map((word) => this.value(word)) ?? [];
  }
}
