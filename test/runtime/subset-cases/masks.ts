import type { SubsetCase } from "./subset-case.ts";

/** Functions of the prelude. */
export const maskCases: readonly SubsetCase[] = [
  {
    says: "hidden_cards answers a masked text, or NULL, for each text of a list; elements count from 1",
    sql: "SELECT id, y[1] AS a, y[2] AS b FROM (SELECT id, hidden_cards(ARRAY[s, 'card 4111 1111 1111 1111, ' || s]) AS y FROM t)",
    rows: [
      { id: 1, a: null, b: "card ************1111, a" },
      { id: 2, a: null, b: "card ************1111, " },
      { id: 3, a: null, b: "card ************1111, é😀," },
      { id: 4, a: null, b: null },
      { id: 5, a: null, b: "card ************1111, a\n" },
    ],
  },
  {
    says: "a run of more than 1000 digits is one card",
    sql: `SELECT hidden_cards(ARRAY['${"9 ".repeat(1001)}', '${"9 ".repeat(1000)}']) AS y FROM t WHERE id = 1`,
    rows: [{ y: ["************9999 ", null] }],
  },
  {
    says: "masks of classes",
    sql: "SELECT mask_pan('4111-1111-1111-1111') AS p, mask_ssn('123-45-6789') AS s, mask_email('é@x.com') AS e, mask_phone('+55 11 98888-7777') AS f, mask_pan(s) AS n FROM t WHERE id = 4",
    rows: [{ p: "************1111", s: "***-**-6789", e: "é***@x.com", f: "***-***-7777", n: null }],
  },
];
