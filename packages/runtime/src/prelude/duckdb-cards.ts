import { CARD_STARS, ISSUED, LONGEST_RUN, SEPARATORS } from "./cards.ts";

/** The separators as RE2 writes them. */
const separator = `[${SEPARATORS.replaceAll(/\\u([0-9A-F]{4})/g, "\\x{$1}")}]`;
const groups = `(?:${separator}{1,3}[0-9]+)*`;
/** Matches from the left: stars with a longer group behind them, a card masked already, a run. */
const run = `\\*{12}[0-9]{5,}${groups}|\\*{12}[0-9]{4}|[0-9]+${groups}`;
/** The cheap test before all else: 13 digits with nothing but separators between. */
const candidate = `(?:[0-9]${separator}{0,3}){13}`;
/** The same test in JavaScript: what does not pass it goes into no engine. */
export const cardForm = new RegExp(`(?:[0-9][${SEPARATORS}]{0,3}){13}`, "u");

/** `body` with `name` bound to `value`, evaluated once: macros repeat the text of their arguments. */
function bind(name: string, value: string, body: string): string {
  return `list_transform([${value}], lambda ${name}: ${body})[1]`;
}

/** One character of a string per item of a list. */
function characters(list: string, item: string, character: string): string {
  return `array_to_string(list_transform(${list}, lambda ${item}: ${character}), '')`;
}

/** The Luhn sum of a number of up to 19 digits ends in 0. Integer arithmetic, so that it runs on whole vectors. */
function luhn(n: string): string {
  const terms = Array.from({ length: 19 }, (_, place) => {
    const digit = `(${n} // ${10n ** BigInt(place)}) % 10`;
    return place % 2 === 0 ? digit : `(${digit}) * 2 + (${digit}) // 5`;
  });
  return `(${terms.join(" + ")}) % 10 = 0`;
}

// A window is a piece of 13 to 19 digits. Counted by `k` it begins at digit k // 7 + 1 and has 13 + k % 7 digits.
const first = "k // 7 + 1";
const size = "13 + k % 7";
// `marks` has a 1 where a group begins and one behind the last digit, 0 elsewhere.
const begins = `substr(marks, ${first}, 1) = '1'`;
const ends = `substr(marks, k // 7 + 14 + k % 7, 1) = '1'`;
const inOneGroup = `NOT contains(substr(marks, k // 7 + 2, 12 + k % 7), '1')`;

/** Whether a card that begins up to 18 digits before a place reaches it, by the letters of the digits before it. */
const reached = ["n", "o", "p", "q", "r", "s", "t"]
  .map((shortest, more) => `[${shortest}-t].${more === 0 ? "{0,11}" : `{${11 + more}}`}\\z`)
  .join("|");

/**
 * Cards in free text on DuckDB: see `cards.ts` for what counts as one. Costs next to nothing on text without 13 digits
 * in a row. The rest is written so that the lambdas of a run capture strings only: DuckDB copies a captured list for
 * every item, which would make the cost grow with the square of a run's length.
 */
export const cardMacros: readonly string[] = [
  // Each window that may be a card, as a number; NULL for the others. The Luhn sum is for the few that are left.
  macro(
    "_card_windows(digits, marks)",
    `list_transform(range(0, 7 * greatest(length(digits) - 12, 0)), lambda k: CASE
       WHEN ${begins} AND ${ends}
         OR substr(digits, ${first}, 1) BETWEEN '2' AND '6' AND length(digits) >= k // 7 + ${size}
       THEN CAST(substr(digits, ${first}, ${size}) AS UBIGINT) END)`,
  ),
  // For each window 1 if it is a card, else 0.
  macro(
    "_card_hits(digits, marks)",
    characters(
      "_card_windows(digits, marks)",
      "n, place",
      `CASE WHEN n IS NULL THEN '0' WHEN NOT ${luhn("n")} THEN '0' ELSE ${bind(
        "k",
        "place - 1",
        `CASE WHEN ${begins} AND ${ends}
                OR (${begins} OR ${ends} OR ${inOneGroup}) AND regexp_full_match(CAST(n AS VARCHAR), '${ISSUED}')
              THEN '1' ELSE '0' END`,
      )} END`,
    ),
  ),
  // For each digit the length of the longest card that begins there, as a letter: n is 13, t is 19, 0 is none.
  macro(
    "_card_lengths(hits, count)",
    characters(
      "range(count)",
      "i",
      "substr('0nopqrst', 1 + length(rtrim(substr(hits, 7 * i + 1, 7), '0')), 1)",
    ),
  ),
  // For each digit, and the place behind the last, 1 if a card that begins before reaches it, else 0.
  macro(
    "_card_reached(lengths)",
    characters(
      "range(length(lengths) + 1)",
      "i",
      `CASE WHEN regexp_matches(substr(lengths, greatest(1, i - 17), least(i, 18)), '${reached}') THEN '1' ELSE '0' END`,
    ),
  ),
  // The run again, group by group: what a card reaches is left out up to the card's end, where the mask stands.
  macro(
    "_card_join(pieces, digits, lengths, reached)",
    `array_to_string(list_transform(pieces, lambda piece:
       CASE WHEN substr(reached, piece.place, 1) = '1' THEN '' ELSE piece.before END ||
       CASE WHEN NOT contains(substr(reached, piece.place, length(piece.digits)), '1')
             AND NOT regexp_matches(substr(lengths, piece.place, length(piece.digits)), '[n-t]') THEN piece.digits
            WHEN substr(reached, piece.place + length(piece.digits), 1) = '1' THEN ''
            ELSE '${CARD_STARS}' || substr(digits, piece.place + length(piece.digits) - 4, 4) END), '')`,
  ),
  macro(
    "_card_mask_run(run)",
    `CASE WHEN NOT regexp_matches(run, '${candidate}') THEN run ELSE ${bind(
      "digits",
      "regexp_replace(run, '[^0-9]', '', 'g')",
      `CASE WHEN length(digits) > ${LONGEST_RUN} THEN regexp_extract(run, '^[^0-9]*') || '${CARD_STARS}' || right(digits, 4) ELSE ${bind(
        "marks",
        // Each group's first digit to x, then what is no digit away: x is where a group begins.
        `translate(regexp_replace(regexp_replace(run, '[0-9]([0-9]*)', 'x\\1', 'g'), '[^0-9x]', '', 'g'), 'x0123456789', '10000000000') || '1'`,
        bind(
          "hits",
          "_card_hits(digits, marks)",
          `CASE WHEN NOT contains(hits, '1') THEN run ELSE ${bind(
            "lengths",
            "_card_lengths(hits, length(digits))",
            bind(
              "reached",
              "_card_reached(lengths)",
              `_card_join(list_transform(list_zip(
                 regexp_extract_all(run, '[0-9]+'),
                 string_split_regex(run, '[0-9]+')[:-2],
                 list_filter(range(1, length(digits) + 1), lambda i: substr(marks, i, 1) = '1')
               ), lambda z: {'digits': z[1], 'before': z[2], 'place': z[3]}), digits, lengths, reached)`,
            ),
          )} END`,
        ),
      )} END`,
    )} END`,
  ),
  macro(
    "_card_rewrite(s)",
    bind(
      "shortened",
      `regexp_replace(s, '[0-9]{16,}([0-9]{4})', '${CARD_STARS}\\1', 'g')`,
      `array_to_string(list_transform(list_zip(
         string_split_regex(shortened, '${run}'), regexp_extract_all(shortened, '${run}')
       ), lambda z: z[1] || coalesce(_card_mask_run(z[2]), '')), '')`,
    ),
  ),
  // A list, so that a query binds all of this once for all its columns: that takes longer than to run it on a few rows.
  macro(
    "hidden_cards(texts)",
    `list_transform(texts, lambda s: CASE WHEN regexp_matches(s, '${candidate}') THEN nullif(_card_rewrite(s), s) END)`,
  ),
];

function macro(head: string, body: string): string {
  return `CREATE OR REPLACE MACRO ${head} AS ${body}`;
}
