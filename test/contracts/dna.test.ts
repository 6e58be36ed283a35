import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  answerKey,
  chunkKey,
  completeness,
  DigitalDnaInput,
  DnaEvidence,
  documentKey,
  exportKey,
  FileName,
  FoundItem,
  fieldFaults,
  isDnaCategory,
  itemKinds,
  Personas,
  personaAnswerKey,
  personaPlanKey,
  personasKey,
  planKey,
  spendingKey,
  UserId,
  What,
} from "@penstock/contracts";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { dnaSchemaFiles } from "../../packages/contracts/src/schema-files.ts";

const USER = "usr_0123456789abcdefghjkmnpqrs";

describe("a user's id", () => {
  test("is usr_ and 26 letters and digits of Crockford's base32", () => {
    expect(v.is(UserId, USER)).toBe(true);
  });

  test.each([
    "someone@example.org",
    "usr_",
    `${USER}x`,
    USER.toUpperCase(),
    USER.replace("0", "l"),
    `${USER}\n`,
    `../${USER}`,
    "",
  ])("is not %j", (text) => {
    expect(v.is(UserId, text)).toBe(false);
  });
});

describe("a file's name", () => {
  test.each([
    "a.csv",
    "netflix/Viewing Activity (1).csv",
    "写真/一覧.json",
    "..hidden",
    "a..b/c...",
    "x".repeat(512),
    "é".normalize("NFC"),
  ])("may be %j", (name) => {
    expect(v.is(FileName, name)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["a folder above", "../a"],
    ["a folder above within", "a/../b"],
    ["this folder", "a/./b"],
    ["an empty folder", "a//b"],
    ["a root", "/a"],
    ["no end", "a/"],
    ["a backslash", "a\\b"],
    ["a NUL", "a\u0000b"],
    ["a new line", "a\nb"],
    ["another direction of writing", "a\u202eb"],
    ["a mark without width", "a\u200bb"],
    ["half a character", "a\ud800"],
    ["a form that is not NFC", "é".normalize("NFD")],
    ["more than 512 characters", "x".repeat(513)],
    ["more bytes than a key has left", "写".repeat(328)],
  ])("may not be or have %s", (_, name) => {
    expect(v.is(FileName, name)).toBe(false);
  });

  test("always makes keys of at most 1024 bytes", () => {
    const longest = "写".repeat(327);

    expect(v.is(FileName, longest)).toBe(true);
    for (const key of [exportKey(USER, longest), documentKey(USER, longest)])
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
  });
});

test("every key of a person begins with their id", () => {
  const reading = { user: USER, reading: "0123456789abcdef" };

  const keys = [
    exportKey(USER, "a/b.csv"),
    documentKey(USER, "a/b.csv"),
    personasKey(USER),
    personaAnswerKey(USER, "social"),
    planKey({ ...reading, byHand: false }),
    planKey({ ...reading, byHand: true }),
    chunkKey(reading, 3),
    answerKey(reading, 3),
    spendingKey(reading, 3, "fedcba9876543210"),
    personaPlanKey(USER, "fedcba9876543210", 2),
  ];

  expect(keys.map((key) => key.replace(`${USER}/`, ""))).toEqual([
    "stage1/a/b.csv",
    "stage2/a/b.csv.json",
    "stage3/personas.json",
    "stage3/answers/social.json",
    "0123456789abcdef/plan.json",
    "0123456789abcdef/plan-by-hand.json",
    "0123456789abcdef/chunk-3.json",
    "0123456789abcdef/answer-3.json",
    "0123456789abcdef/spent-3-fedcba9876543210.json",
    "personas/fedcba9876543210/plan-2.json",
  ]);
});

test("evidence has a row or an offset, never both and never neither", () => {
  const at = { member: null, path: null };

  expect(v.is(DnaEvidence, { ...at, row: 1, offset: null })).toBe(true);
  expect(v.is(DnaEvidence, { ...at, row: null, offset: 0 })).toBe(true);
  expect(v.is(DnaEvidence, { ...at, row: 1, offset: 0 })).toBe(false);
  expect(v.is(DnaEvidence, { ...at, row: null, offset: null })).toBe(false);
  expect(v.is(DnaEvidence, { ...at, row: 0, offset: null })).toBe(false);
});

test("what an item says is one line of 1 to 200 characters, however many units they take", () => {
  expect(v.is(What, "🎬".repeat(200))).toBe(true);
  for (const text of ["", "🎬".repeat(201), "a\nb", "a\u2028b", "a\u0007b"])
    expect(v.is(What, text)).toBe(false);
});

test("an item has a kind of its own category", () => {
  const evidence = { member: null, path: null, row: 1, offset: null };
  const item = { category: "social", what: "x", evidence, confidence: 0.5, flagged: false };

  expect(v.is(FoundItem, { ...item, kind: "contact" })).toBe(true);
  expect(v.is(FoundItem, { ...item, kind: "income" })).toBe(false);
  expect(v.is(FoundItem, { ...item, kind: "contact", confidence: 0.555 })).toBe(false);
});

describe("completeness", () => {
  test.each([
    [{ facts: 0, kinds: 0, sources: 0 }, 0],
    [{ facts: 1, kinds: 1, sources: 1 }, 15],
    [{ facts: 25, kinds: 3, sources: 2 }, 54],
    [{ facts: 50, kinds: 5, sources: 4 }, 100],
    [{ facts: 5000, kinds: 5, sources: 40 }, 100],
  ])("of %j is %i", (evidence, percent) => {
    expect(completeness(evidence)).toBe(percent);
  });

  test("is never less with more evidence", () => {
    const evidence = fc.record({ facts: fc.nat(100), kinds: fc.nat(5), sources: fc.nat(10) });

    fc.assert(
      fc.property(evidence, evidence, (some, more) => {
        const both = {
          facts: some.facts + more.facts,
          kinds: Math.max(some.kinds, more.kinds),
          sources: Math.max(some.sources, more.sources),
        };
        expect(completeness(both)).toBeGreaterThanOrEqual(completeness(some));
      }),
    );
  });

  test("gives every category as many kinds to have", () => {
    expect(Object.values(itemKinds).map((kinds) => kinds.length)).toEqual([5, 5, 5, 5]);
    expect(isDnaCategory("financial")).toBe(true);
    expect(isDnaCategory("constructor")).toBe(false);
  });
});

test("a persona stands under its own type, with its own traits", () => {
  const social = {
    type: "social",
    name: "Social Profile",
    lastUpdated: "2026-11-20T10:00:00.000Z",
    completeness: 15,
    summary: "Has friends.",
    insights: [],
    dataPoints: ["Friend: Maria"],
    traits: { activity: null, platforms: ["Facebook"], interests: [], groups: [] },
    sources: ["facebook/friends.json"],
  };

  expect(v.is(Personas, { social })).toBe(true);
  expect(v.is(Personas, {})).toBe(true);
  expect(v.is(Personas, { financial: social })).toBe(false);
  expect(v.is(Personas, { social: { ...social, traits: { platforms: [] } } })).toBe(false);
  expect(v.is(Personas, { social, hobbies: social })).toBe(false);
});

describe("a version of what is kept about people never changes", () => {
  test.each([...dnaSchemaFiles()])("%s says what the contract says", (file, content) => {
    const committed = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");

    expect(committed, "changed without a new version; raise it in dna-schemas.ts").toBe(content);
  });
});

describe("what digital-dna is started with by hand", () => {
  test.each([[{ user: USER }], [{ user: USER, file: "netflix/a.csv" }]])(
    "%j: is as it should be",
    (input) => {
      expect(fieldFaults(DigitalDnaInput, input, "body")).toEqual([]);
    },
  );

  test.each([
    [{}, "user", "It is missing."],
    [{ user: "someone@example.org" }, "user", "as the registration answered it"],
    [{ user: USER, file: "../other/stage1/a" }, "file", "no empty folder"],
    [{ user: USER, forget: true }, "forget", "no such field"],
  ])("%j: %s is wrong", (input, field, detail) => {
    expect(fieldFaults(DigitalDnaInput, input, "body")).toEqual([
      { field, detail: expect.stringContaining(detail) },
    ]);
  });
});
