/**
 * What the masking of card numbers in free text means, said a second time and in another way: by trying every piece of
 * every run, without any regard to cost. The tests hold the engines against it.
 */

const SEPARATOR =
  /[\t\n\v\f\r \u0085\u00A0\u00AD\u1680\u2000-\u2015\u2028\u2029\u202F\u205F\u2060\u2212\u3000\uFE58\uFE63\uFF0D\uFEFF-]/u;
const isDigit = (character: string | undefined): boolean =>
  character !== undefined && /^[0-9]$/.test(character);

interface Group {
  readonly digits: string;
  /** Where it begins and ends in the text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** The Luhn sum, as its inventor wrote it: from the right, every second digit doubled, the sums of digits added. */
export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** A number that an issuer gives out, by prefix and length. */
export function issued(digits: string): boolean {
  const { length } = digits;
  const two = Number(digits.slice(0, 2));
  if (two >= 40 && two <= 49) return length === 16 || length === 19;
  if (two >= 50 && two <= 59) return length === 16;
  if (two >= 22 && two <= 27) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 30 || two === 36 || two === 38 || two === 39) return length === 14;
  if (two === 35) return length >= 16 && length <= 19;
  return two >= 60 && two <= 69 && length >= 16 && length <= 19;
}

/** Groups of digits, together where one to three separators stand between; cards masked already end a run. */
function runs(text: string): Group[][] {
  const found: Group[][] = [];
  let at = 0;
  let last: Group | undefined;
  while (at < text.length) {
    if (!isDigit(text[at])) {
      at += 1;
      continue;
    }
    let to = at;
    while (isDigit(text[to])) to += 1;
    const group = { digits: text.slice(at, to), from: at, to };
    const masked = group.digits.length === 4 && text.slice(Math.max(0, at - 12), at) === "*".repeat(12);
    if (!masked) {
      const between = last === undefined ? undefined : text.slice(last.to, group.from);
      const joined =
        between !== undefined &&
        [...between].length <= 3 &&
        [...between].every((character) => SEPARATOR.test(character));
      if (joined) found.at(-1)?.push(group);
      else found.push([group]);
    }
    last = masked ? undefined : group;
    at = to;
  }
  return found;
}

/** First and last group (inclusive) of each card of a run, overlapping ones as they are. */
function cards(run: readonly Group[]): [number, number][] {
  const long = run.flatMap((group, index): [number, number][] =>
    group.digits.length >= 20 ? [[index, index]] : [],
  );
  const size = run.reduce((sum, { digits }) => sum + digits.length, 0);
  if (size > 1000) return [[0, run.length - 1]];
  const groupOf = run.flatMap(({ digits }, index) => [...digits].map(() => index));
  const all = run.map(({ digits }) => digits).join("");
  const begins = (place: number): boolean => groupOf[place] !== groupOf[place - 1];
  const found: [number, number][] = [];
  for (let from = 0; from < all.length; from += 1) {
    for (let length = 13; length <= 19 && from + length <= all.length; length += 1) {
      const digits = all.slice(from, from + length);
      if (!luhnValid(digits)) continue;
      const [opens, closes] = [begins(from), begins(from + length)];
      const inOneGroup = groupOf[from] === groupOf[from + length - 1];
      if (!(opens && closes) && !((opens || closes || inOneGroup) && issued(digits))) continue;
      found.push([groupOf[from] ?? 0, groupOf[from + length - 1] ?? 0]);
    }
  }
  return [...long, ...found];
}

/** Where to mask: spans of the text with the digits in them; cards that share a group are one. */
function spans(text: string): { from: number; to: number; digits: string }[] {
  const pieces = splitAtLongGroups(runs(text));
  return pieces.flatMap((run) => {
    const merged: [number, number][] = [];
    for (const [first, last] of cards(run).sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const before = merged.at(-1);
      if (before !== undefined && first <= before[1]) before[1] = Math.max(before[1], last);
      else merged.push([first, last]);
    }
    return merged.map(([first, last]) => {
      const groups = run.slice(first, last + 1);
      return {
        from: groups[0]?.from ?? 0,
        to: groups.at(-1)?.to ?? 0,
        digits: groups.map(({ digits }) => digits).join(""),
      };
    });
  });
}

/** A group of 20 digits and more is a card by itself and, once masked, ends the run on both its sides. */
function splitAtLongGroups(all: readonly Group[][]): Group[][] {
  return all.flatMap((run) => {
    const parts: Group[][] = [[]];
    for (const group of run) {
      if (group.digits.length >= 20) parts.push([group], []);
      else parts.at(-1)?.push(group);
    }
    return parts.filter((part) => part.length > 0);
  });
}

/** The text with its cards masked. */
export function maskCards(text: string): string {
  let masked = "";
  let at = 0;
  for (const { from, to, digits } of spans(text)) {
    masked += `${text.slice(at, from)}${"*".repeat(12)}${digits.slice(-4)}`;
    at = to;
  }
  return masked + text.slice(at);
}
