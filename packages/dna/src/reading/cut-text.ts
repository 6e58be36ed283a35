/** Characters around white space without a digit: a number, however grouped, lies on one side of it. */
const AROUND = 24;
/** Characters around a place between two letters without a digit and without an address. */
const AROUND_LETTERS = 64;

/** What stands in no number, id or address, the signs between their groups included: one may end before it or begin behind. */
const APART = /[^\p{L}\p{M}\p{N}\p{Z}\p{C}\p{Pd}\u2212.\-_%+@*]/gu;
const WITHIN_LETTERS = new RegExp(
  `(?<=[^\\d@]{${AROUND_LETTERS - 1}}\\p{L})(?=\\p{L}[^\\d@]{${AROUND_LETTERS - 1}})`,
  "gu",
);

/** A piece of a text, and the index at which it begins. */
export interface TextPiece {
  readonly text: string;
  readonly at: number;
}

/**
 * Cuts a text that was not masked yet into pieces of about `most` UTF-16 units, so that no number, id or address lies in two
 * of them: at white space that has no digit near; else behind a sign that stands in none; else among letters. A piece is as
 * long as it takes: a line of nothing but numbers is one. The pieces together are the text.
 */
export function cutBetweenNumbers(text: string, most: number): TextPiece[] {
  return cut(text, most, Number.POSITIVE_INFINITY);
}

/** The same for a text that was masked: a piece is at most four times as long, and cut anywhere where it must be. */
export function cutText(text: string, most: number): TextPiece[] {
  return cut(text, most, 4 * most);
}

function cut(text: string, most: number, longest: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  const places = [placesIn(text, APART), placesIn(text, WITHIN_LETTERS)];
  let at = 0;
  while (text.length - at > most) {
    const end = spaceIn(text, at, most) ?? placeAmong(places, at, most);
    const until = end - at <= longest ? end : whole(text, at + most);
    pieces.push({ text: text.slice(at, until), at });
    at = until;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), at });
  return pieces;
}

/** Behind the white space to cut at: the last one of the second half, else the first one of what may follow. */
function spaceIn(text: string, at: number, most: number): number | undefined {
  const isSpace = (end: number) =>
    /\s/.test(text[end - 1] ?? "") && !/\d/.test(text.slice(Math.max(0, end - AROUND), end + AROUND));
  for (let end = at + most; end > at + most / 2; end -= 1) if (isSpace(end)) return end;
  const last = Math.min(text.length, at + 4 * most);
  for (let end = at + most + 1; end <= last; end += 1) if (isSpace(end)) return end;
  return undefined;
}

/** The end of the first place of a kind that begins at an index or behind it; the text's end where there is none. */
type Places = (from: number) => number;

/** Asked in order, it looks through a text once. */
function placesIn(text: string, kind: RegExp): Places {
  let known = { from: 0, begins: -1, ends: -1 };
  return (from) => {
    if (from >= known.from && from <= known.begins) return known.ends;
    kind.lastIndex = from;
    const found = kind.exec(text);
    known =
      found === null
        ? { from, begins: text.length, ends: text.length }
        : { from, begins: found.index, ends: found.index + found[0].length };
    return known.ends;
  };
}

/** The last place of any kind in the second half, else the first one behind. */
function placeAmong(kinds: readonly Places[], at: number, most: number): number {
  let last = 0;
  for (const next of kinds)
    for (let end = next(at + Math.ceil(most / 2)); end <= at + most; end = next(end + 1))
      last = Math.max(last, end);
  return last > 0 ? last : Math.min(...kinds.map((next) => next(at + most + 1)));
}

/** A cut that does not part the halves of a character outside the first plane. */
function whole(text: string, end: number): number {
  const unit = text.charCodeAt(end);
  return unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
}
