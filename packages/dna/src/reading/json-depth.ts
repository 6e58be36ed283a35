import { RefusedFile } from "./refused-file.ts";

/** Brackets within brackets that are followed. */
const DEEPEST = 200;

/**
 * Looks how deep a JSON text goes before anything parses it.
 * @throws {RefusedFile} `too_deep`
 */
export function checkDepth(text: string): void {
  const marks = /["[\]{}]/g;
  let depth = 0;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const [mark] = found;
    if (mark === '"') {
      marks.lastIndex = stringEnd(text, found.index);
    } else if (mark === "[" || mark === "{") {
      depth += 1;
      if (depth > DEEPEST) throw new RefusedFile("too_deep");
    } else depth -= 1;
  }
}

/** Behind the quote that closes the string which opens at an index. */
function stringEnd(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close < 0 ? text.length : close + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}
