/**
 * A line of JSON, or of what should have been JSON, without card numbers, as an expression of DuckDB's: also where its
 * digits and what stands between them are written as JSON's escapes, however often escaped themselves. A line with such
 * a card in it is kept with those escapes read; any other one stays as it is.
 */
export function maskedLine(column: string): string {
  const masked = hidden(column);
  return `CASE WHEN contains(${column}, chr(92)) THEN COALESCE(${hiddenIn(unescaped(masked))}, ${masked}) ELSE ${masked} END`;
}

/** The text without its cards; NULL where there is none. */
const hiddenIn = (text: string): string => `hidden_cards([${text}])[1]`;
const hidden = (text: string): string => `COALESCE(${hiddenIn(text)}, ${text})`;

/** The separators of a card's digits (`SEPARATORS` of the runtime) by their escapes: white space, dashes, what is not seen. */
const SEPARATOR = [
  "[tnrfv]",
  "u(?:000[9abcd]|002[0d]|0085|00a[0d]|1680|20(?:0[0-9a-f]|1[0-5]|2[89f]|5f|60)|2212|3000|fe58|fe63|ff0d|feff)",
].join("|");

/** Digits and separators as themselves. Backslashes that are escaped, or written as `\u005c`, are read as if they were not. */
function unescaped(line: string): string {
  const slashes = `regexp_replace(${line}, '(?i)\\\\+u005c', chr(92) || chr(92), 'g')`;
  const digits = `regexp_replace(${slashes}, '(?i)\\\\+u003([0-9])', '\\1', 'g')`;
  return `regexp_replace(${digits}, '(?i)\\\\+(?:${SEPARATOR})', ' ', 'g')`;
}
