/** A regular expression that RE2, Java and JavaScript read alike, and how long a match can be. */
export interface SharedPattern {
  /** The expression between its anchors. */
  readonly body: string;
  /** Code points of the longest match; Infinity when unbounded. */
  readonly longest: number;
}

/** Why a regular expression is outside the shared subset; `readPattern` answers it instead of a pattern. */
export interface ForeignPattern {
  readonly reason: string;
}

/** RE2 refuses greater counts. */
const MAX_REPEAT = 1000;
const LITERAL = /[A-Za-z0-9 _@,;:'"!%&=<>~`#/-]/;
const CLASS_MEMBER = /[A-Za-z0-9 _@,;:'"!%&=<>~`#/.*+?$()|{}^-]/;

/**
 * Reads an expression of the subset: `^…$` without flags, literal ASCII, classes of ASCII characters, groups
 * without capture, alternatives inside groups, greedy counts. What differs between the engines is refused: flags,
 * back-slashes (`\d`, `\w`, `\s`, `\b` differ; write `[0-9]`, `[.]`), `.` and negated classes (JavaScript counts
 * UTF-16 units), look-around, back-references, lazy counts, and `&&` in a class, which Java reads as a cut.
 */
export function readPattern(regex: RegExp): SharedPattern | ForeignPattern {
  if (regex.flags !== "") return { reason: `flags "${regex.flags}" mean something else elsewhere` };
  const { source } = regex;
  if (!source.startsWith("^") || !source.endsWith("$")) return { reason: "anchor it as ^…$" };
  const body = source.slice(1, -1);
  const reader = new Reader(body);
  try {
    const longest = reader.sequence();
    if (!reader.done) reader.refuse(`"${reader.next}" at the top level; put alternatives in (?:…)`);
    return { body, longest };
  } catch (error) {
    if (error instanceof Foreign) return { reason: error.message };
    throw error;
  }
}

class Foreign extends Error {}

/** Recursive descent over the body; every method answers the longest match of what it read. */
class Reader {
  private position = 0;
  private readonly body: string;

  constructor(body: string) {
    this.body = body;
  }

  get done(): boolean {
    return this.position >= this.body.length;
  }

  get next(): string {
    return this.body.charAt(this.position);
  }

  refuse(what: string): never {
    throw new Foreign(`${what} (at ${this.position} of ${this.body})`);
  }

  sequence(): number {
    let longest = 0;
    while (!this.done && this.next !== "|" && this.next !== ")") {
      const atom = this.atom();
      const most = this.repeats();
      longest += atom === 0 || most === 0 ? 0 : atom * most;
    }
    return longest;
  }

  private atom(): number {
    if (this.take("(?:")) return this.group();
    if (this.take("[")) return this.characterClass();
    if (!LITERAL.test(this.next)) this.refuse(`"${this.next}" is not in the shared subset`);
    this.position += 1;
    return 1;
  }

  private group(): number {
    let longest = this.sequence();
    while (this.take("|")) longest = Math.max(longest, this.sequence());
    if (!this.take(")")) this.refuse("a group is not closed");
    return longest;
  }

  private characterClass(): number {
    if (this.next === "^") this.refuse("a negated class");
    const start = this.position;
    while (!this.done && this.next !== "]") {
      if (!CLASS_MEMBER.test(this.next)) this.refuse(`"${this.next}" in a class`);
      this.position += 1;
    }
    const members = this.body.slice(start, this.position);
    if (!this.take("]") || members === "") this.refuse("a class is empty or not closed");
    if (/&&|--|~~/.test(members)) this.refuse("a doubled &, - or ~ in a class");
    if (!/^-?(?:[A-Z]-[A-Z]|[a-z]-[a-z]|[0-9]-[0-9]|[^-])*-?$/.test(members))
      this.refuse("a range in a class");
    return 1;
  }

  private repeats(): number {
    let most = 1;
    if (this.take("?")) most = 1;
    else if (this.take("*") || this.take("+")) most = Number.POSITIVE_INFINITY;
    else if (this.take("{")) most = this.count();
    else return 1;
    if (["?", "+", "*", "{"].includes(this.next)) this.refuse("a lazy, possessive or doubled count");
    return most;
  }

  private count(): number {
    const [text, least = "", comma, most = ""] =
      /^([0-9]+)(,?)([0-9]*)[}]/.exec(this.body.slice(this.position)) ?? this.refuse("a count");
    this.position += text.length;
    const greatest = most === "" ? Number(least) : Number(most);
    if (greatest > MAX_REPEAT || Number(least) > greatest) this.refuse("a count out of range");
    return comma === "," && most === "" ? Number.POSITIVE_INFINITY : greatest;
  }

  private take(token: string): boolean {
    if (!this.body.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }
}
