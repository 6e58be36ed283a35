import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, openSession } from "@penstock/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunksOf } from "../../packages/dna/src/reading/chunks.ts";
import { cutText } from "../../packages/dna/src/reading/cut-text.ts";
import { hiddenValue } from "../../packages/dna/src/reading/hidden-fields.ts";
import { maskContent } from "../../packages/dna/src/reading/mask-content.ts";
import { readContent } from "../../packages/dna/src/reading/read-content.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-masked-exports-"));
  session = await openSession({ memoryMb: 500, threads: 1, tempDirectory: folder });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** What no chunk may hold, as it is planted. */
const secret = fc.constantFrom(
  "4111111111111111",
  "4111 1111 1111 1111",
  "5500-0000-0000-0004",
  "378282246310005",
  "123-45-6789",
  "529.982.247-25",
  "12345678Z",
  "RSSMRA85T10A562S",
  "planted.person@example.com",
);
const word = fc.stringMatching(/^[a-zA-Zà-ÿ,;"' ]{0,30}$/);
const note = fc.tuple(word, secret, word).map(([before, planted, after]) => `${before} ${planted} ${after}`);
const notes = fc.array(note, { minLength: 10, maxLength: 60 });

const csvCell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const html = (text: string) => text.replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const forms: Readonly<Record<string, (texts: readonly string[]) => string>> = {
  csv: (texts) => `Date,Shop,Note\n${texts.map((text) => `2024-01-02,Rex,${csvCell(text)}`).join("\n")}\n`,
  "csv's header": (texts) => `Date,Shop,${csvCell(texts[0] ?? "")}\n2024-01-02,Rex,a\n2024-01-03,Rex,b\n`,
  json: (texts) => JSON.stringify({ notes: texts.map((text) => ({ text })), owner: texts[0] }),
  "json's keys": (texts) => JSON.stringify(Object.fromEntries(texts.map((text) => [text, [{ a: 1 }]]))),
  jsonl: (texts) => texts.map((text) => `${JSON.stringify({ text })}\n`).join(""),
  text: (texts) => `My notes\n\n${texts.join("\n")}\n`,
  html: (texts) => `<!doctype html><body>${texts.map((text) => `<p>${html(text)}</p>`).join("")}</body>`,
};

describe("what a model is shown of an export", () => {
  test.each(Object.keys(forms))("holds no number and no address that must be hidden: %s", async (form) => {
    await fc.assert(
      fc.asyncProperty(notes, async (texts) => {
        const content = await readContent(Buffer.from(forms[form]?.(texts) ?? ""));

        const { content: masked } = await maskContent(session, content);

        const shown = JSON.stringify([chunksOf(masked.sections, 12_000), masked.members]);
        expect(shown).not.toMatch(/\d(?:[ -]?\d){12}|\d{3}-\d{2}-\d{4}|529\.982|12345678Z|RSSMRA|planted/);
        expect(shown).toMatch(/\*{3}/);
      }),
      { numRuns: 2 },
    );
  });
});

describe("fields that are hidden for their name", () => {
  test("have the forms of the lake's masks", async () => {
    const values = [
      "4111 1111 1111 1112",
      "378282246310005",
      "12",
      "x",
      "************1111",
      "078051120",
      "078-05-1120",
    ];
    for (const value of values) {
      const [row] = await session.rows(`SELECT mask_pan('${value}') AS pan, mask_ssn('${value}') AS ssn`);

      expect([hiddenValue("card", value), hiddenValue("national_id", value)]).toEqual([row?.pan, row?.ssn]);
    }
  });
});

describe("a text that is cut", () => {
  test("is its pieces, and no number lies in two", () => {
    const digits = fc.stringMatching(/^[0-9]{13,19}$/);
    const part = fc.oneof(
      fc.stringMatching(/^[a-zé ]{1,60}$/),
      digits,
      fc.constantFrom("\u{1f600}", "\n", "-"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
        const text = parts.join(" word here and there on a long line without any numbers ");

        const pieces = cutText(text, 256);

        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        for (const { text: piece, at } of pieces.slice(1)) {
          expect(/\d[ -]{0,3}$/.test(text.slice(0, at)) && /^[ -]{0,3}\d/.test(piece)).toBe(false);
          expect(piece).toBe(piece.toWellFormed());
        }
      }),
      { numRuns: 200 },
    );
  });
});
