import { of, type SubsetCase } from "./subset-case.ts";

/** Texts and patterns. */
export const textCases: readonly SubsetCase[] = [
  of("|| with NULL is NULL", "s || '!'", "a!", "!", "é😀,!", null, "a\n!"),
  of("length counts code points", "length(s)", 1, 0, 3, null, 2),
  of("substr counts code points from 1, and ends with the text", "substr(s, 2)", "", "", "😀,", null, "\n"),
  of("substr of a length", "substr(s, 2, 1)", "", "", "😀", null, "\n"),
  of(
    "replace takes every occurrence, as plain text",
    "replace(s || 'a.', '.', 'a')",
    "aaa",
    "aa",
    "é😀,aa",
    null,
    "a\naa",
  ),
  {
    says: "split keeps empty pieces",
    sql: "SELECT id, split(s, ',') AS y FROM t",
    rows: [
      { id: 1, y: ["a"] },
      { id: 2, y: [""] },
      { id: 3, y: ["é😀", ""] },
      { id: 4, y: null },
      { id: 5, y: ["a\n"] },
    ],
  },
  of(
    "regexp_like finds anywhere; \\z is the very end",
    "regexp_like(s, '^a\\z')",
    true,
    false,
    false,
    null,
    false,
  ),
  of(
    "regexp_like reads classes, repetitions and alternatives",
    "regexp_like(s, '(?:[^a-z0-9]{2}|^a[ -~]?)')",
    true,
    false,
    true,
    null,
    true,
  ),
  of("lower folds each letter by itself", "lower(s || 'ÀΣ')", "aàσ", "àσ", "é😀,àσ", null, "a\nàσ"),
];
