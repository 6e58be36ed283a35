import fc from "fast-check";
import type { Facts } from "./facts.ts";

/** Text in every form that a reader could take for a number, a moment or a truth. */
export const ODD_TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    "0",
    "-0",
    "1",
    "12",
    "007",
    " 12",
    "12 ",
    "12\n",
    "\n12",
    "+5",
    "-5",
    "5.",
    ".5",
    "1.0",
    "1.50",
  ],
  ...[
    "1.005",
    "17850.0",
    "1_000",
    "1,000",
    "1e5",
    "1E+2",
    "1e-2",
    "1e99",
    "1e100",
    "1e400",
    "0x10",
    "NaN",
    "nan",
  ],
  ...["inf", "Infinity", "-Infinity", "١٢", "１２", "9".repeat(30), "9".repeat(31), "9007199254740991"],
  ...["9007199254740993", "99999999.99", "99999999.990000001", "100000000", "-0.01"],
  ...["0.1000000000000000055511151231257827", `0.${"0".repeat(29)}1`, "1\u0000", "1\u2028", "hello", "👍🏻"],
  ...["true", "True", "tRue", "FALSE", "t", "yes", "null", "NULL"],
  ...[
    "2020-02-29",
    "2021-02-29",
    "2000-02-29",
    "1900-02-29",
    "2020-02-30",
    "2020-13-01",
    "2020-00-10",
    "2020-1-1",
  ],
  ...["2020-01-01T10:00:00", "2020-01-01 10:00:00", "2020-01-01t10:00:00", "2020-01-01  10:00:00"],
  ...["2020-01-01T10:00", "2020-01-01T24:00:00", "2020-01-01T23:59:60", "2020-01-01T10:00:00Z"],
  ...[
    "2020-01-01T10:00:00z",
    "2020-01-01T10:00:00+00:00",
    "2020-01-01T10:00:00+01:00",
    "2020-01-01T10:00:00 UTC",
  ],
  ...[
    "2020-01-01T10:00:00.",
    "2020-01-01T10:00:00.5",
    "2020-01-01T10:00:00.500000",
    "2020-01-01T10:00:00.1234567",
  ],
  ...[
    "2020-01-01T10:00:00\n",
    "2020-06-31T10:00:00",
    "0000-01-01",
    "0001-01-01T00:00:00",
    "2020-01-01\u0000",
  ],
  ...["9999-12-31T23:59:59.999999", "10000-01-01", "-0001-01-01", "1969-12-31", "1970-01-01", "2020-W01-1"],
  ...[
    "2099-12-31T23:59:59.999999",
    "2100-01-01T00:00:00",
    "infinity",
    "epoch",
    "today",
    "20200101",
    "01/02/2020",
  ],
];

/** Text that a column's JSON Schema admits. */
export function goodText(facts: Facts): fc.Arbitrary<string> {
  if (facts.enum !== undefined) return fc.constantFrom(...facts.enum);
  const max = facts.maxLength ?? 64;
  if (facts.pattern !== undefined) {
    return fc.stringMatching(new RegExp(facts.pattern)).filter((value) => value.length <= max);
  }
  return fc.string({ unit: "binary", minLength: facts.minLength ?? 0, maxLength: Math.min(max, 40) });
}

/** Near misses: one step over a length, a good value with something before or after it, another alphabet. */
export function badText(facts: Facts): fc.Arbitrary<string> {
  const max = facts.maxLength ?? 64;
  const good = goodText(facts);
  return fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "\n",
      "\u0000",
      "\t",
      "\u2028",
      "٣٤٥",
      "ß",
      "İ",
      "'",
      '"',
      "\\",
      "%",
      "NULL",
      "👍🏻",
    ),
    fc
      .tuple(good, fc.constantFrom("\n", "\r\n", "\u2028", " ", "\u0000", "'"))
      .map((parts) => parts.join("")),
    good.map((value) => `\n${value}`),
    good.map((value) => value.toUpperCase()),
    good.map((value) => value.replace(/[0-9]/g, "٣")),
    fc
      .tuple(
        fc.constantFrom("a", "7", "é", "👍", "\u{10FFFF}", "e\u0301"),
        fc.constantFrom(max - 1, max, max + 1),
      )
      .map(([unit, length]) => unit.repeat(Math.max(0, length))),
    fc.constantFrom("a", "👍").map((unit) => unit.repeat(25_000)),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ unit: "grapheme", maxLength: 100 }),
  );
}
