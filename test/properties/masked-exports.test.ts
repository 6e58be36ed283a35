import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, openSession } from "@penstock/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunksOf } from "../../packages/dna/src/reading/chunks.ts";
import { cutBetweenNumbers, cutText } from "../../packages/dna/src/reading/cut-text.ts";
import type { FileContent } from "../../packages/dna/src/reading/file-content.ts";
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
const secrets = [
  "4111111111111111",
  "4111 1111 1111 1111",
  "5500-0000-0000-0004",
  "378282246310005",
  "123-45-6789",
  "529.982.247-25",
  "12345678Z",
  "RSSMRA85T10A562S",
  "planted.person@example.com",
] as const;
const secret = fc.constantFrom(...secrets);
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

/** What is left of several files, which the engine is asked about at once: a query costs more than what is in it. */
async function shownOf(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const contents = await Promise.all(
    Object.entries(files).map(async ([form, file]) => ({ form, ...(await readContent(Buffer.from(file))) })),
  );
  const [first] = contents;
  if (first === undefined) throw new Error("no file is given");
  const together: FileContent = {
    ...first,
    sections: contents.flatMap(({ form, sections }) =>
      sections.map((section) => ({ ...section, member: form })),
    ),
  };
  const { content } = await maskContent(session, together);
  return new Map(
    [...Map.groupBy(content.sections, ({ member }) => member ?? "")].map(([form, sections]) => [
      form,
      JSON.stringify(chunksOf(sections, 12_000)),
    ]),
  );
}

describe("what a model is shown of an export", () => {
  test("holds no number and no address that must be hidden, in whatever form it comes", async () => {
    await fc.assert(
      fc.asyncProperty(notes, async (texts) => {
        const files = Object.fromEntries(Object.entries(forms).map(([form, write]) => [form, write(texts)]));

        const shown = await shownOf(files);

        expect([...shown.keys()]).toEqual(Object.keys(forms));
        for (const [form, text] of shown) {
          expect(text, form).not.toMatch(
            /\d(?:[ -]?\d){12}|\d{3}-\d{2}-\d{4}|529\.982|12345678Z|RSSMRA|planted/,
          );
          expect(text, form).toMatch(/\*{3}/);
        }
      }),
      { numRuns: 3 },
    );
  });

  test("holds no half of one either, where a line is so long that it is cut", async () => {
    const lists = secrets.flatMap((planted) =>
      [" ", ",", ";", "|", "/", ", ", "\u00a0"].map((between) => ({
        name: `${planted} and ${JSON.stringify(between)}`,
        list: Array.from({ length: Math.ceil(5000 / planted.length) }, () => planted).join(between),
      })),
    );
    const files = Object.fromEntries(
      lists.flatMap(({ name, list }, at) => [
        [`a line of ${name}`, `${"x".repeat(at % 19)} ${list}`],
        [`a page of ${name}`, `<!doctype html><body><p>${list}</p></body>`],
      ]),
    );

    const shown = await shownOf(files);

    for (const [form, text] of shown)
      expect(text.replaceAll(/"(?:chunk|tokens|offset|row|label)":[^,}]*/g, ""), form).not.toMatch(
        /\d{5}|\d{4}[ -]\d|\d[ -]\d{4}|\d{3}\.\d|[A-Z]{3}\d|\d[A-Z]|RSS|SMR|plant|person/,
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
  test("is its pieces, and before it is masked no number, id or address lies in two", () => {
    const between = fc.constantFrom(
      " ",
      ",",
      ", ",
      ";",
      "|",
      "/",
      "  ",
      "\t",
      "a",
      "\u00a0",
      " one or the other ",
    );
    const part = fc.oneof(
      secret.map((text) => ({ text, isSecret: true })),
      fc
        .oneof(fc.stringMatching(/^[a-zé ]{1,60}$/), fc.constantFrom("\u{1f600}", "\n", "-", "x".repeat(300)))
        .map((text) => ({ text, isSecret: false })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(part, between), { maxLength: 200 }), (parts) => {
        const places: { from: number; to: number }[] = [];
        let text = "";
        for (const [{ text: each, isSecret }, separator] of parts) {
          if (isSecret) places.push({ from: text.length, to: text.length + each.length });
          text += each + separator;
        }

        const pieces = cutBetweenNumbers(text, 256);

        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        for (const { text: piece, at } of pieces) {
          expect(places.filter(({ from, to }) => from < at && at < to)).toEqual([]);
          expect(piece).toBe(piece.toWellFormed());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("has no piece that is longer than four times what was asked for, once it is masked", () => {
    const letters = fc.stringMatching(/^(?:\d{1,40}|[a-z]{1,40}|[ ,-]|\u{1f600}){0,400}$/u);
    fc.assert(
      fc.property(letters, (text) => {
        const pieces = cutText(text, 64);

        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        for (const { text: piece } of pieces) {
          expect(piece.length).toBeLessThanOrEqual(4 * 64);
          expect(piece).toBe(piece.toWellFormed());
        }
      }),
      { numRuns: 100 },
    );
  });
});
