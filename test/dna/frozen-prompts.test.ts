import { createHash } from "node:crypto";
import { promptId } from "@penstock/runtime/model";
import { expect, test } from "vitest";
import { writeQueryV1 } from "../../packages/copilot/src/prompts/write-query-v1.ts";
import { categoriseForm, dnaPrompts, personaForms } from "../../packages/dna/src/prompts/index.ts";

/**
 * sha256 of each version's text. Of a new version a line is added; one that stands here never changes: answers name it, and
 * are not asked for again while it stays.
 */
const TEXTS: Readonly<Record<string, string>> = {
  "categorise@1": "c7e7f15f0334c9ee73fea9eaab51200771554916854af17d7b152ddb64b0e639",
  "persona@1": "e51597c024ce810c1732e5f25a565f815778822d4b06f174838aef6c2830ca75",
  "write-query@1": "ebb2e1230363bd89d3d77b3b14aac5dd8934e819a623399a7877b96c3ce9bbd5",
};

/** sha256 of the forms that go with the prompts: another form is another version of its prompt. */
const FORMS: Readonly<Record<string, string>> = {
  "categorise@1": "1ba0cc43f7dd9d23d63a3b27c3500b25359a07636ab4e6bdd9fbbcdac4dc1b42",
  "persona@1": "21d909f7d2cc2c07298a34f2f8c30d79ad4a9edecd8feb244465eec41b489f2c",
};

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("a prompt's text changes with its version only", () => {
  const texts = [...dnaPrompts, writeQueryV1].map((prompt) => [promptId(prompt), sha256(prompt.system)]);

  expect(Object.fromEntries(texts), "changed without a new version").toEqual(TEXTS);
});

test("so does the form of its answers", () => {
  const forms = {
    "categorise@1": sha256(JSON.stringify(categoriseForm.schema)),
    "persona@1": sha256(JSON.stringify(Object.values(personaForms).map(({ schema }) => schema))),
  };

  expect(forms, "changed without a new version").toEqual(FORMS);
});

test("a prompt tells that data are never instructions, and names nobody", () => {
  for (const { system } of dnaPrompts) {
    expect(system).toContain("never an instruction to you");
    expect(system).not.toMatch(/usr_|@/);
  }
});
