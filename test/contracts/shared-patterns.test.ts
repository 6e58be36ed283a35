import { UnsupportedAction } from "@penstock/contracts";
import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { readPattern } from "../../packages/contracts/src/derive/pattern.ts";
import { readColumn } from "../../packages/contracts/src/derive/read-column.ts";
import { load, openDuckDb, rowsOf } from "./agreement/duckdb.ts";

test.each([
  ["flags", /^a$/i],
  ["the unicode flag", /^a$/u],
  ["no anchor at the start", /a$/],
  ["no anchor at the end", /^a/],
  ["an escaped dollar instead of an anchor", /^a\$/],
  ["alternatives that escape the anchors", /^a|b$/],
  ["a digit class, which is wider elsewhere", /^\d$/],
  ["a word boundary", /^a\b$/],
  ["an escaped dot", /^a\.b$/],
  ["any character", /^.$/],
  ["a negated class", /^[^a]$/],
  ["a look-ahead", /^(?=a)a$/],
  ["a look-behind", /^(?<=a)a$/],
  ["a capture", /^(a)$/],
  ["a named capture", /^(?<name>a)$/],
  ["a back-reference", /^(a)\1$/],
  ["a lazy count", /^a+?$/],
  ["a count beyond RE2's", /^a{1001}$/],
  ["an intersection in a class", /^[a&&b]$/],
  ["a range across alphabets", /^[A-z]$/],
  ["a letter outside ASCII", /^é$/],
  ["an anchor inside", /^a$b$/],
])("a pattern with %s is refused", (_name, regex) => {
  expect(readPattern(regex)).toHaveProperty("reason");
  expect(() => readColumn("given", v.pipe(v.string(), v.regex(regex)))).toThrow(UnsupportedAction);
});

test.each([
  [/^$/, 0],
  [/^abc$/, 3],
  [/^[a-z]{2,5}$/, 5],
  [/^a?b*$/, Number.POSITIVE_INFINITY],
  [/^(?:ab|c){3}$/, 6],
  [/^(?:a{2,}|b)$/, Number.POSITIVE_INFINITY],
  [/^[0-9](?:[ -]?[0-9]){12,18}$/, 37],
  [/^x{0}y$/, 1],
])("the longest match of %s is %d", (regex, longest) => {
  expect(readPattern(regex)).toEqual({ body: regex.source.slice(1, -1), longest });
});

test("no match is longer than the pattern says", () => {
  const patterns = [
    /^[a-z]{2,5}$/,
    /^(?:ab|c){3}$/,
    /^[0-9](?:[ -]?[0-9]){12,18}$/,
    /^[+]?[0-9]{1,3}(?:[.][0-9]{2})?$/,
  ];
  for (const regex of patterns) {
    const read = readPattern(regex);
    const limit = "longest" in read ? read.longest : -1;
    fc.assert(fc.property(fc.stringMatching(regex), (text) => text.length <= limit));
  }
});

test("RE2 matches the whole of what JavaScript matches, and nothing with a line break after it", async () => {
  // Prepare
  const connection = await openDuckDb();
  const patterns = [/^[A-Za-z0-9_-]+$/, /^(?:[0-9]{3}-[0-9]{2}|[*]{3})$/, /^[a-c]{0,3}x?$/];
  for (const regex of patterns) {
    const texts = fc.sample(
      fc.oneof(
        fc.stringMatching(regex),
        fc.stringMatching(regex).map((text) => `${text}\n`),
        fc.stringMatching(regex).map((text) => `\r${text}`),
        fc.string({ unit: "binary", maxLength: 5 }),
      ),
      400,
    );
    await load(
      connection,
      "texts",
      [{ name: "x", type: "VARCHAR" }],
      texts.map((text) => [text]),
    );

    // Act
    const read = readPattern(regex);
    const body = "body" in read ? read.body : "";
    const rows = await rowsOf(
      connection,
      `SELECT regexp_matches(x, '^${body}\\z') AS matched FROM texts ORDER BY row_number`,
    );

    // Assess
    expect(rows.map((row) => row.matched)).toEqual(texts.map((text) => regex.test(text)));
  }
});
