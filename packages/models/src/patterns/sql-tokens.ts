/** A piece of a query. */
export interface SqlToken {
  /** `value`: a literal. `quoted`: a name in double quotes (or backticks). `sign`: an operator or bracket. */
  readonly kind: "word" | "quoted" | "value" | "sign";
  /** Words in lower case; of a quoted name what stands between the quotes; of a literal nothing. */
  readonly text: string;
}

/**
 * White space and comments; texts; quoted names; numbers; words; operators of two signs; any other sign. A text or comment
 * that is never closed goes to the end, so that nothing of it is taken for something else.
 */
const PIECES =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<value>'(?:[^']|'')*(?:'|$)|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)|"(?<quoted>(?:[^"]|"")*)(?:"|$)|`(?<ticked>[^`]*)(?:`|$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign><>|!=|<=|>=|\|\||->|=>|[\s\S])/giu;

/** The tokens of a query in SQL, or of any other text: nothing is refused. */
export function sqlTokens(sql: string): SqlToken[] {
  return [...sql.matchAll(PIECES)].flatMap(({ groups = {} }): SqlToken[] => {
    const { value, quoted, ticked, word, sign } = groups;
    if (word !== undefined) return [{ kind: "word", text: word.toLowerCase() }];
    if (value !== undefined) return [{ kind: "value", text: "" }];
    const name = quoted ?? ticked;
    if (name !== undefined) return [{ kind: "quoted", text: name.toLowerCase() }];
    return sign === undefined ? [] : [{ kind: "sign", text: sign }];
  });
}
