/**
 * Rows of delimited text, page by page as its pieces come, by AWS's rules: fields may be quoted and then hold delimiters
 * and line ends, a doubled quotation mark stands for one, and a backslash keeps the delimiter, a quotation mark or a
 * backslash that follows it; before anything else it is dropped. Empty lines are no rows.
 */
export async function* csvRows(
  pieces: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<readonly string[][]> {
  const parser = new CsvParser(delimiter);
  for await (const piece of pieces) {
    const rows = parser.take(piece);
    if (rows.length > 0) yield rows;
  }
  const last = parser.end();
  if (last.length > 0) yield last;
}

class CsvParser {
  readonly #delimiter: string;
  /** Finds the next character that means something, within quotes and outside of them. */
  readonly #special: { readonly quoted: RegExp; readonly plain: RegExp };
  #rows: string[][] = [];
  #row: string[] = [];
  #field = "";
  #quoted = false;
  /** A quoted field may be empty and still be there. */
  #wasQuoted = false;
  /** A character that only the next one gives a meaning: a backslash, a quotation mark within quotes, a return. */
  #open = "";

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
    this.#special = { quoted: /["\\]/g, plain: new RegExp(`["\\\\\\r\\n${delimiter}]`, "g") };
  }

  /** The rows that end in this piece. */
  take(piece: string): readonly string[][] {
    this.#rows = [];
    let at = 0;
    while (at < piece.length) {
      if (this.#open !== "") {
        if (this.#settle(piece.charAt(at))) at += 1;
        continue;
      }
      const special = this.#quoted ? this.#special.quoted : this.#special.plain;
      special.lastIndex = at;
      const found = special.exec(piece)?.index ?? piece.length;
      this.#field += piece.slice(at, found);
      if (found < piece.length) this.#meet(piece.charAt(found));
      at = found + 1;
    }
    return this.#rows;
  }

  /** The last row, when no line end follows it. */
  end(): readonly string[][] {
    this.#rows = [];
    if (this.#open === "\r") this.#field += "\r";
    this.#endRow();
    return this.#rows;
  }

  #meet(character: string): void {
    if (character === "\\" || character === "\r" || (character === '"' && this.#quoted))
      this.#open = character;
    else if (character === '"' && this.#field === "" && !this.#wasQuoted) {
      this.#quoted = true;
      this.#wasQuoted = true;
    } else if (character === '"') this.#field += character;
    else if (character === "\n") this.#endRow();
    else this.#endField();
  }

  /** Gives the open character its meaning by the next one. @returns whether that one is used up by it */
  #settle(next: string): boolean {
    const open = this.#open;
    this.#open = "";
    if (open === "\\") {
      const kept = next === "\\" || next === '"' || next === this.#delimiter;
      if (kept) this.#field += next;
      return kept;
    }
    if (open === "\r") {
      if (next !== "\n") this.#field += "\r";
      return false;
    }
    if (next === '"') {
      this.#field += next;
      return true;
    }
    this.#quoted = false;
    return false;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = "";
    this.#wasQuoted = false;
  }

  #endRow(): void {
    if (this.#row.length === 0 && this.#field === "" && !this.#wasQuoted) return;
    this.#endField();
    this.#rows.push(this.#row);
    this.#row = [];
  }
}
