import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "../../packages/dna/src/reading/decoded-text.ts";
import { readContent } from "../../packages/dna/src/reading/read-content.ts";

const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("the encoding of an export", () => {
  it.each([
    ["utf-8", Buffer.from("Größe,Zoë\n")],
    ["utf-8", Buffer.from("\ufeffGröße,Zoë\n")],
    ["utf-16le", Buffer.from("\ufeffGröße,Zoë\n", "utf16le")],
    ["utf-16be", utf16be("\ufeffGröße,Zoë\n")],
    ["utf-16le", Buffer.from("Größe,Zoë\n", "utf16le")],
    ["utf-16be", utf16be("Größe,Zoë\n")],
    ["windows-1252", Buffer.from("Größe,Zoë\n", "latin1")],
  ])("is %s", (encoding, bytes) => {
    expect(decodeText(bytes)).toMatchObject({ encoding, text: "Größe,Zoë\n" });
  });

  it("is told of several bytes to a character too", () => {
    const sjis = Buffer.from(
      "93fa8e9e2c8f8a8e9d8be02c93e097650a82b182ea82cd93fa967b8cea82cc9356974082c582b781420a93958b9e82c58ec093fa82c983898381839382f090488bb982bd81420a",
      "hex",
    );

    expect(decodeText(sjis).encoding).toBe("shift_jis");
  });

  it("is mixed where some lines are in another than the others, and those are counted", () => {
    const bytes = Buffer.concat([
      Buffer.from("Shop: Größe\n", "utf8"),
      Buffer.from("Shop: Zoë\n", "latin1"),
      Buffer.from("Shop: plain\n"),
    ]);

    const decoded = decodeText(bytes);

    expect(decoded).toMatchObject({
      encoding: "mixed",
      otherLines: 1,
      text: "Shop: Größe\nShop: Zoë\nShop: plain\n",
    });
    expect(decoded.offsetOf(decoded.text.indexOf("Zoë"))).toBe(
      bytes.indexOf(Buffer.from("Zo\xeb", "latin1")),
    );
    expect(decoded.offsetOf(decoded.text.indexOf("plain"))).toBe(bytes.indexOf("plain"));
  });

  it("of a UTF-16 file that is none is refused as undecodable", () => {
    expect(() => decodeText(Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8, 0x41, 0x00]))).toThrow(
      "undecodable",
    );
  });
});

describe("the place of a record", () => {
  const word = fc.stringMatching(/^[a-zà-ÿ]{1,12}$/);
  const line = fc.array(word, { minLength: 1, maxLength: 400 }).map((words) => words.join(" "));
  const encode = {
    "utf-8": (text: string) => Buffer.from(text),
    "utf-8 with a mark": (text: string) => Buffer.from(`\ufeff${text}`),
    "utf-16le": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
    "windows-1252": (text: string) => Buffer.from(text, "latin1"),
  };

  it.each(Object.keys(encode) as (keyof typeof encode)[])(
    "is the byte at which it begins, in %s",
    async (name) => {
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
          // An accent in the beginning, so that one byte to a letter can be told from UTF-8.
          const bytes = encode[name](`é\n\n${lines.join("\r\n")}\n`);

          const content = await readContent(bytes);

          for (const { offset, text } of content.sections[0]?.records ?? []) {
            const found = new TextDecoder(content.encoding ?? "").decode(bytes.subarray(offset ?? 0));
            expect(found.startsWith(text)).toBe(true);
          }
          expect(content.sections[0]?.records.length).toBeGreaterThan(lines.length);
        }),
        { numRuns: 40 },
      );
    },
  );
});
