/** Characters around a cut without a digit: a number, however grouped, lies on one side of it. */
const AROUND = 24;

/** A piece of a text, and the index at which it begins. */
export interface TextPiece {
  readonly text: string;
  readonly at: number;
}

/**
 * Cuts a text into pieces of about `most` UTF-16 units, up to four times as many where it has nowhere to cut: at white space
 * that has no digit near; else after a letter that is no part of a number; never within a character. The pieces together are
 * the text.
 */
export function cutText(text: string, most: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  while (text.length - at > most) {
    const end = at + cutOf(text.slice(at, at + 4 * most + AROUND), most);
    pieces.push({ text: text.slice(at, end), at });
    at = end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), at });
  return pieces;
}

function cutOf(text: string, most: number): number {
  const isFar = (end: number) => !/\d/.test(text.slice(Math.max(0, end - AROUND), end + AROUND));
  const isSpace = (end: number) => /\s/.test(text[end - 1] ?? "");
  const isLetter = (end: number) =>
    /[\p{L},;]/u.test(text[end - 1] ?? "") && /[\p{L}\s]/u.test(text[end] ?? "");
  const last = Math.min(text.length, 4 * most);
  for (let end = most; end > most / 2; end -= 1) if (isSpace(end) && isFar(end)) return end;
  for (let end = most + 1; end <= last; end += 1) if (isSpace(end) && isFar(end)) return end;
  for (let end = most; end > 1; end -= 1) if (isLetter(end)) return whole(text, end);
  return whole(text, most);
}

/** A cut that does not part the halves of a character outside the first plane. */
function whole(text: string, end: number): number {
  const unit = text.charCodeAt(end);
  return unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
}
