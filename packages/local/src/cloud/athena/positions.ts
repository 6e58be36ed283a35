/** Where a code point of a text stands, as Trino tells it: lines and columns from 1. */
export function positionAt(text: string, start: number): string {
  const before = [...text].slice(0, start);
  const line = before.filter((character) => character === "\n").length + 1;
  return `line ${line}:${before.length - before.lastIndexOf("\n")}`;
}

/** Where a word stands in a text for the first time; its beginning for one that does not. */
export function positionOfWord(text: string, word: string): string {
  const escaped = word.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const found = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "iu").exec(text);
  return positionAt(text, found === null ? 0 : [...text.slice(0, found.index)].length);
}
