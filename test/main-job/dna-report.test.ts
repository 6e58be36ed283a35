import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DnaDocument, FileOutcome, Personas } from "../../packages/contracts/src/index.ts";
import type { PlantedExport } from "../../packages/local/src/exports/planted-export.ts";
import { sampleExports } from "../../packages/local/src/exports/sample-exports.ts";
import { dnaChecks } from "../../packages/local/src/main-job/dna/dna-checks.ts";
import { renderDna } from "../../packages/local/src/main-job/dna/dna-lines.ts";
import type { PersonDna } from "../../packages/local/src/main-job/dna/person-dna.ts";
import type { SampleDna } from "../../packages/local/src/main-job/dna/sample-dna.ts";

const none = { financial: 0, social: 0, professional: 0, entertainment: 0 };

function outcome(file: string, more: Partial<FileOutcome> = {}): FileOutcome {
  return {
    file,
    status: "processed",
    reason: null,
    etag: "e",
    bytes: 10,
    seen: "2026-11-21T00:00:00Z",
    run_id: "r",
    flagged: false,
    flags: [],
    items: none,
    chunks: 1,
    failed_chunks: 0,
    left_out: 0,
    tokens: 100,
    ...more,
  };
}

function document(file: string, financialItems: number): DnaDocument {
  const empty = { items: [], items_left_out: 0 };
  const item = {
    kind: "transaction",
    what: "Pays A SHOP",
    evidence: { member: null, path: null, row: 1, offset: null },
    confidence: 0.9,
    occurrences: 1,
    flagged: false,
  } as const;
  return {
    contract: 1,
    user: "usr_0123456789abcdefghjkmnpqrs",
    file,
    reading: "0123456789abcdef",
    state: "categorised",
    reason: null,
    facts: {
      bytes: 10,
      etag: "e",
      sha256: "0".repeat(64),
      arrived_at: "2026-11-21T00:00:00Z",
      format: "csv",
      encoding: "utf-8",
      records: 1,
      columns: 3,
      dialect: null,
      members: [],
      repairs: { double_encoded: 0, other_encoding_lines: 0, broken_quotes: 0, ragged_rows: 0, bad_lines: 0 },
    },
    categories: {
      financial: { items: Array.from({ length: financialItems }, () => item), items_left_out: 0 },
      social: empty,
      professional: empty,
      entertainment: empty,
    },
    chunks: { planned: 1, categorised: 1, failed: [], left_out: 0 },
    flags: [],
    masked: { cards: 1, national_ids: 2, emails: 3 },
    model: {
      model: "penstock-offline-rules",
      offline: true,
      prompt: "categorise@1",
      calls: 1,
      repaired: 0,
      input_tokens: 90,
      output_tokens: 10,
      cost_usd: 0,
    },
  };
}

const personas: Personas = {
  financial: {
    type: "financial",
    name: "Financial Profile",
    lastUpdated: "2026-11-21T00:00:00Z",
    completeness: 42,
    summary: "",
    insights: [],
    dataPoints: [],
    traits: {
      spendingHabits: null,
      financialServices: [],
      subscriptions: [],
      incomeSources: [],
      topCategories: [],
    },
    sources: ["card.csv"],
  },
};

const person: PersonDna = {
  user: "usr_0123456789abcdefghjkmnpqrs",
  files: [
    outcome("card.csv"),
    outcome("note.txt", { flagged: true }),
    outcome("picture.png", { status: "refused", reason: "binary", chunks: 0, tokens: 0 }),
  ],
  documents: [document("card.csv", 2)],
  personas,
};

it("what the exports told is said in files, items, completeness, tokens and masks", () => {
  expect(renderDna([person])).toEqual([
    "Digital DNA: 3 files of 1 person: 1 categorised, 1 flagged, 1 refused (binary)",
    "  financial       2 items of 1 files",
    "  social          0 items of 0 files",
    "  professional    0 items of 0 files",
    "  entertainment   0 items of 0 files",
    "  person 1        financial 42 % complete",
    "  model           2 chunks, 200 tokens, penstock-offline-rules (offline)",
    "  masked          1 cards, 2 national ids, 3 e-mail addresses",
  ]);
});

describe("the checks of the exports", () => {
  const planted = (file: string, more: Partial<PlantedExport["outcome"]> = {}): PlantedExport => ({
    person: 0,
    file,
    bytes: new Uint8Array(),
    outcome: { status: "processed", reason: null, categories: ["financial"], flagged: false, ...more },
    secrets: ["4111111111111111"],
  });
  const good: SampleDna = {
    planted: [planted("card.csv")],
    users: [person.user],
    people: [person],
    leaks: [],
    unsteady: [],
  };
  const faults = (of: Partial<SampleDna>) =>
    dnaChecks({ ...good, ...of }).flatMap(({ name, holds, detail }) => (holds ? [] : [`${name}: ${detail}`]));

  it("hold when each file is as planted", () => expect(faults({})).toEqual([]));

  it.each<[string, Partial<SampleDna>, string]>([
    ["a file has no outcome", { planted: [planted("lost.csv")] }, "lost.csv has none"],
    ["a file ended otherwise", { planted: [planted("note.txt")] }, "note.txt is processed"],
    [
      "a category is missing",
      { planted: [planted("card.csv", { categories: ["financial", "social"] })] },
      "social",
    ],
    ["a number stands in clear", { leaks: ["s3://data/x"] }, "in clear in s3://data/x"],
    ["nobody has personas", { people: [{ ...person, personas: undefined }] }, "has none"],
    ["personas change when made anew", { unsteady: [person.user] }, "made anew"],
  ])("say that %s", (_, of, detail) => {
    expect(faults(of)).toEqual([expect.stringContaining(detail)]);
  });
});

describe("the sample's exports", () => {
  it("are the same for the same seed, of every format, with numbers that really stand in them", async () => {
    const [first, again] = [await sampleExports(3), await sampleExports(3)];

    const digests = (exports: readonly PlantedExport[]) =>
      exports.map(({ file, bytes }) => `${file} ${createHash("sha256").update(bytes).digest("hex")}`);
    expect(digests(again)).toEqual(digests(first));
    expect(first).toHaveLength(12);
    expect(
      Object.groupBy(first, ({ outcome: { status, flagged } }) => (flagged ? "flagged" : status)),
    ).toMatchObject({
      processed: { length: 9 },
      flagged: { length: 1 },
      refused: { length: 1 },
      skipped: { length: 1 },
    });
    for (const { file, bytes, secrets } of first.filter(({ file: name }) => !name.endsWith(".zip")))
      for (const secret of secrets) expect(Buffer.from(bytes).toString("latin1"), file).toContain(secret);
  });
});
