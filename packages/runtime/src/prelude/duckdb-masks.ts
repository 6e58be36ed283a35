import { CARD_STARS } from "./cards.ts";

/**
 * Masks of classified columns on DuckDB. Each reads the forms that its kind of value is written in, and answers `***`
 * for all else; masking twice is masking once. Their exact forms: `docs/decisions/0004-masks.md`.
 */
export const maskMacros: readonly string[] = [
  macro(
    "mask_pan(s)",
    `CASE WHEN s IS NULL THEN NULL
          WHEN regexp_full_match(s, '[0-9](?:[ -]?[0-9]){12,18}') OR regexp_full_match(s, '\\*{12}[0-9]{4}')
          THEN '${CARD_STARS}' || right(regexp_replace(s, '[ -]', '', 'g'), 4) ELSE '***' END`,
  ),
  macro(
    "mask_ssn(s)",
    `CASE WHEN s IS NULL THEN NULL
          WHEN regexp_full_match(s, '(?:[0-9]{3}[ -]?[0-9]{2}|\\*\\*\\*-\\*\\*)[ -]?[0-9]{4}')
          THEN '***-**-' || right(s, 4) ELSE '***' END`,
  ),
  macro(
    "mask_email(s)",
    `CASE WHEN s IS NULL THEN NULL
          WHEN regexp_full_match(s, '[^@\\s]+@[^@\\s]+') THEN left(s, 1) || '***@' || split_part(s, '@', 2)
          ELSE '***' END`,
  ),
  macro(
    "mask_phone(s)",
    `CASE WHEN s IS NULL THEN NULL
          WHEN regexp_full_match(s, '\\*\\*\\*-\\*\\*\\*-[0-9]{4}') THEN s
          WHEN regexp_full_match(s, '\\+?[ ().-]*[0-9](?:[ ().-]*[0-9]){6,14}')
          THEN '***-***-' || right(regexp_replace(s, '[^0-9]', '', 'g'), 4) ELSE '***' END`,
  ),
];

function macro(head: string, body: string): string {
  return `CREATE OR REPLACE MACRO ${head} AS ${body}`;
}
