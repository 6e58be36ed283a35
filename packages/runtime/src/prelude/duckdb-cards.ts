import { CARD_STARS, ISSUED, RUN_PARTS, SEPARATORS } from "./cards.ts";

/** The separators as RE2 writes them. */
const separator = `[${SEPARATORS.replaceAll(/\\u([0-9A-F]{4})/g, "\\x{$1}")}]`;
const group = `(?:${separator}{1,3}[0-9]+)*`;
/** Matches from the left: stars with a longer group behind them, a card masked already, a run. */
const run = `${RUN_PARTS.stars}[0-9]{5,}${group}|${RUN_PARTS.masked}|[0-9]+${group}`;
/** The cheap test before all else: 13 digits with nothing but separators between. */
const candidate = `(?:[0-9]${separator}{0,3}){13}`;

const COUNTED = "\u{F8FF}";

/** `body` with `name` bound to `value`, evaluated once: macros repeat the text of their arguments. */
function bind(name: string, value: string, body: string): string {
  return `list_transform([${value}], lambda ${name}: ${body})[1]`;
}

/** The Luhn sum of a number of up to 19 digits ends in 0. Integer arithmetic, so that it runs on whole vectors. */
function luhn(n: string): string {
  const terms = Array.from({ length: 19 }, (_, place) => {
    const digit = `(${n} // ${10n ** BigInt(place)}) % 10`;
    return place % 2 === 0 ? digit : `(${digit}) * 2 + (${digit}) // 5`;
  });
  return `(${terms.join(" + ")}) % 10 = 0`;
}

// A window is counted by `k`: it begins at digit k // 7 + 1 and has 13 + k % 7 digits.
const first = "k // 7 + 1";
const size = "13 + k % 7";
const after = "k // 7 + 14 + k % 7";
/** Begins and ends with a group: `marks` has a 1 where a group begins, and one behind the last digit. */
const aligned = `substr(marks, ${first}, 1) = '1' AND substr(marks, ${after}, 1) = '1'`;

/**
 * Cards in free text on DuckDB: see `cards.ts` for what counts as one. Costs next to nothing on text without 13 digits
 * in a row, and some 0.1 ms on text with them.
 */
export const cardMacros: readonly string[] = [
  // Each window that may be a card, as a number; NULL for the others. The Luhn sum is for the few that are left.
  macro(
    "_card_windows(digits, marks)",
    `list_transform(range(0, 7 * greatest(length(digits) - 12, 0)), lambda k: CASE
       WHEN ${aligned} OR substr(digits, ${first}, 1) BETWEEN '2' AND '6' AND length(digits) >= k // 7 + ${size}
       THEN CAST(substr(digits, ${first}, ${size}) AS UBIGINT) END)`,
  ),
  // The last digit of each window that is a card, NULL for the others.
  macro(
    "_card_ends(digits, marks)",
    `list_transform(_card_windows(digits, marks), lambda n, place: CASE WHEN n IS NOT NULL THEN
       CASE WHEN ${luhn("n")} THEN ${bind(
         "k",
         "place - 1",
         `CASE WHEN ${aligned} OR regexp_full_match(CAST(n AS VARCHAR), '${ISSUED}') THEN k // 7 + ${size} END`,
       )} END END)`,
  ),
  // begins: the first digit of each group, and one behind the last. reached: the last digit of the cards that begin in
  // this group or one of the 18 before it, which is as far as a card can reach.
  macro(
    "_card_join(parts, begins, reached, mark)",
    `array_to_string(list_transform(parts.groups, lambda digits, i:
       CASE WHEN i > 1 AND reached[i - 1] >= begins[i] THEN '' ELSE parts.between[i] END ||
       CASE WHEN reached[i] IS NULL OR reached[i] < begins[i] THEN digits
            WHEN reached[i] >= begins[i + 1] THEN ''
            ELSE mark || right(array_to_string(parts.groups[greatest(1, i - 3):i], ''), 4) END), '')`,
  ),
  macro(
    "_card_mask_run(run, mark)",
    `CASE WHEN NOT regexp_matches(run, '${candidate}') THEN run ELSE ${bind(
      "parts",
      `{'groups': regexp_extract_all(run, '[0-9]+'), 'between': string_split_regex(run, '[0-9]+'),
        'digits': regexp_replace(run, '[^0-9]', '', 'g')}`,
      bind(
        "marks",
        `array_to_string(list_transform(parts.groups, lambda digits: rpad('1', CAST(length(digits) AS INTEGER), '0')), '') || '1'`,
        bind(
          "ends",
          "_card_ends(parts.digits, marks)",
          `CASE WHEN list_max(ends) IS NULL THEN run ELSE ${bind(
            "begins",
            "list_filter(range(1, length(marks) + 1), lambda i: substr(marks, i, 1) = '1')",
            bind(
              "reached",
              `list_transform(parts.groups, lambda digits, i:
                 list_max(ends[7 * begins[greatest(1, i - 18)] - 6:7 * begins[i + 1] - 7]))`,
              "_card_join(parts, begins, reached, mark)",
            ),
          )} END`,
        ),
      ),
    )} END`,
  ),
  macro(
    "_card_rewrite(s, mark)",
    bind(
      "shortened",
      `regexp_replace(s, '[0-9]{16,}([0-9]{4})', mark || '\\1', 'g')`,
      bind(
        "pieces",
        `{'runs': regexp_extract_all(shortened, '${run}'), 'rest': string_split_regex(shortened, '${run}')}`,
        `array_to_string(list_transform(pieces.rest, lambda rest, i:
           rest || coalesce(_card_mask_run(pieces.runs[i], mark), '')), '')`,
      ),
    ),
  ),
  macro(
    "mask_cards(s)",
    `CASE WHEN NOT regexp_matches(s, '${candidate}') THEN s
          WHEN s IS NOT NULL THEN _card_rewrite(s, '${CARD_STARS}') END`,
  ),
  // Counts a character that text hardly holds: how many more of it there are after the rewriting than before.
  macro(
    "count_cards(s)",
    `CASE WHEN s IS NULL OR NOT regexp_matches(s, '${candidate}') THEN 0
          ELSE length(regexp_replace(_card_rewrite(s, '${COUNTED}${CARD_STARS}'), '[^${COUNTED}]', '', 'g'))
             - length(regexp_replace(s, '[^${COUNTED}]', '', 'g')) END`,
  ),
];

function macro(head: string, body: string): string {
  return `CREATE OR REPLACE MACRO ${head} AS ${body}`;
}
