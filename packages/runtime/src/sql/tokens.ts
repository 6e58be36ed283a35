import { UnsupportedSql } from "../errors.ts";
import { Dialect, tokenize } from "./transpiler.ts";

export interface Token {
  readonly type: string;
  readonly text: string;
  /** In code points. */
  readonly span: { readonly start: number; readonly end: number };
}

/** The tokens of a text, without comments. */
export function tokensOf(sql: string): readonly Token[] {
  const { tokens = [] } = tokenize(sql, Dialect.Trino);
  // The type is under another name than the package's declarations say.
  return tokens.map((token) => ({
    ...token,
    type: String(Reflect.get(token, "token_type") ?? token.tokenType),
  }));
}

/** Tokens of a statement from left to right. */
export class Tokens {
  readonly #statement: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @param statement what the tokens are of, for messages: `UNLOAD` */
  constructor(sql: string, statement: string) {
    this.#statement = statement;
    this.#tokens = tokensOf(sql);
  }

  get empty(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(wanted: string): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new UnsupportedSql(`${this.#statement} ends where ${wanted} should stand`);
    return token;
  }

  /** Takes a word or sign if it is the next token. */
  takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.type === "STRING" || token.text.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  /** Takes words one after the other, all or none. */
  takesAll(...words: string[]): boolean {
    const before = this.#at;
    if (words.every((word) => this.takes(word))) return true;
    this.#at = before;
    return false;
  }

  expect(word: string): Token {
    const token = this.next(word);
    if (token.type !== "STRING" && token.text.toUpperCase() === word) return token;
    return this.#unexpected(token, word);
  }

  string(wanted: string): string {
    const token = this.next(wanted);
    return token.type === "STRING" ? token.text : this.#unexpected(token, wanted);
  }

  /** A name, folded to lower case as Trino does. */
  name(wanted: string): string {
    const token = this.next(wanted);
    if (token.type === "STRING" || !/^[\p{L}_]/u.test(token.text)) this.#unexpected(token, wanted);
    return token.text.toLowerCase();
  }

  /** `(name = 'text', name = ARRAY['text', …])`, names in lower case. */
  properties(): Map<string, readonly string[]> {
    const properties = new Map<string, readonly string[]>();
    this.expect("(");
    do {
      const name = this.name("a property");
      this.expect("=");
      if (!this.takes("ARRAY")) properties.set(name, [this.string(`a text for ${name}`)]);
      else {
        const values: string[] = [];
        this.expect("[");
        do values.push(this.string(`a text in ${name}`));
        while (this.takes(","));
        this.expect("]");
        properties.set(name, values);
      }
    } while (this.takes(","));
    this.expect(")");
    return properties;
  }

  #unexpected(token: Token, wanted: string): never {
    throw new UnsupportedSql(`${token.text} in ${this.#statement} where ${wanted} should stand`);
  }
}
