import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, openSession } from "@penstock/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { luhnValid, maskCards } from "./masking-reference.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-masking-"));
  session = await openSession({ memoryMb: 500, threads: 2, tempDirectory: folder });
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** One expression over many texts, in their order. */
async function each(expression: string, texts: readonly string[]): Promise<unknown[]> {
  const values = texts.map((text, index) => `(${index}, '${Buffer.from(text).toString("base64")}')`);
  const rows = await session.rows(
    `SELECT ${expression} AS y FROM (SELECT i, decode(from_base64(b)) AS x FROM (VALUES ${values.join(", ")}) v(i, b)) ORDER BY i`,
  );
  return rows.map(({ y }) => y);
}

/** {@link each} for text. Base64 on both ways: the parser takes no NUL, the client no byte order mark in front. */
async function eachText(expression: string, texts: readonly string[]): Promise<(string | null)[]> {
  const encoded = await each(`to_base64(encode(${expression}))`, texts);
  return encoded.map((text) => (text === null ? null : Buffer.from(String(text), "base64").toString()));
}

/** Luhn-valid digits, 13 to 19. */
const card = fc
  .tuple(fc.integer({ min: 12, max: 18 }), fc.infiniteStream(fc.integer({ min: 0, max: 9 })))
  .map(([length, digits]) => withCheckDigit([...digits.take(length)].join("")));

/** One that an issuer gives out. */
const issuedCard = fc
  .tuple(
    fc.constantFrom(
      ["4", 16],
      ["4", 19],
      ["51", 16],
      ["2300", 16],
      ["37", 15],
      ["36", 14],
      ["3528", 16],
      ["6011", 16],
    ),
    fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  )
  .map(([[prefix, length], digits]) => {
    const rest = Number(length) - String(prefix).length - 1;
    return withCheckDigit(`${prefix}${[...digits.take(rest)].join("")}`);
  });

function withCheckDigit(digits: string): string {
  const check = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).find(luhnValid);
  return check ?? expect.unreachable();
}

const separator = fc
  .array(
    fc.constantFrom(
      " ",
      "-",
      "\n",
      "\t",
      "\r",
      "\u00A0",
      "\u2009",
      "\u2013",
      "\u2014",
      "\u2212",
      "\u200B",
      "\uFEFF",
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((characters) => characters.join(""));

/** A card as people write it: in fours, digit by digit, with any separators, or in one piece. */
const written = (digits: fc.Arbitrary<string>) =>
  fc.oneof(
    digits,
    fc.tuple(digits, separator).map(([text, between]) => text.match(/.{1,4}/g)?.join(between) ?? text),
    fc
      .tuple(digits, fc.array(fc.oneof(fc.constant(""), separator), { minLength: 19, maxLength: 19 }))
      .map(([text, between]) =>
        [...text].map((digit, index) => (index === 0 ? "" : between[index]) + digit).join(""),
      ),
  );

/** Any text: prose, letters of every plane, figures, dates, stars. */
const prose = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        "paid with ",
        "order 12345 ",
        "on 2024-05-06 ",
        "tel. 11 98888-7777, ",
        "😀",
        "\n",
        " ",
        "x",
        "*",
        "***",
        "-",
      ),
      fc.stringMatching(/^[0-9]{1,9}[ .,-]$/),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

/** Runs of figures around the edges of the definition: long, short, nearly joined, half masked. */
const figures = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[0-9]{1,6}$/),
      fc.stringMatching(/^[0-9]{12,23}$/),
      fc.constantFrom("4111", "1111", "************1111", "************", "0000", "0", "4"),
      separator,
      fc.constantFrom("    ", ".", "x", "*", "é"),
      written(issuedCard),
      written(card),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

/** A text as it is shown after the search for cards. */
const MASKED = "coalesce(hidden_cards([x])[1], x)";

const RUNS = { numRuns: 25 };
const many = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 120 });

describe("cards in free text", () => {
  test("are masked as the definition says, in any text", async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.oneof(figures, prose)), async (texts) => {
        expect(await eachText(MASKED, texts)).toEqual(texts.map(maskCards));
      }),
      RUNS,
    );
  });

  test("are not visible any more, wherever they are planted and however they are written", async () => {
    const planted = fc
      .tuple(prose, written(card), prose)
      // What is glued to other digits is another number, unless it is an issuer's: see the next property.
      .filter(([before, , after]) => !/[0-9*]$/.test(before) && !/^[0-9]/.test(after));
    await fc.assert(
      fc.asyncProperty(many(planted), async (samples) => {
        const masked = await eachText(
          MASKED,
          samples.map((parts) => parts.join("")),
        );
        for (const [index, [before, text, after]] of samples.entries()) {
          // The text itself may hold the same figures elsewhere by chance; then nothing can be said.
          if (!before.includes(text) && !after.includes(text)) expect(masked[index]).not.toContain(text);
        }
      }),
      RUNS,
    );
  });

  test("of an issuer are not visible either where they are glued to other digits", async () => {
    const glued = fc.tuple(
      fc.stringMatching(/^x[0-9]{0,8}$/),
      issuedCard,
      fc.stringMatching(/^[0-9]{0,8}x$/),
    );
    await fc.assert(
      fc.asyncProperty(many(glued), async (samples) => {
        const masked = await eachText(
          MASKED,
          samples.map((parts) => parts.join("")),
        );
        for (const [index, [, digits]] of samples.entries()) expect(masked[index]).not.toContain(digits);
      }),
      RUNS,
    );
  });

  test("leave all else as it is", async () => {
    const innocent = fc.oneof(prose, figures).filter((text) => maskCards(text) === text);
    await fc.assert(
      fc.asyncProperty(many(innocent), async (texts) => {
        expect(await eachText(MASKED, texts)).toEqual(texts);
      }),
      RUNS,
    );
  });

  test("once masked stay as they are", async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.oneof(figures, prose)), async (texts) => {
        const once = await eachText(MASKED, texts);
        expect(
          await eachText(
            MASKED,
            once.map((text) => text ?? expect.unreachable()),
          ),
        ).toEqual(once);
      }),
      RUNS,
    );
  });
});

describe("masks of classified columns", () => {
  const value = fc.oneof(
    prose,
    figures,
    card,
    written(card),
    fc.emailAddress(),
    fc.stringMatching(/^[0-9]{3}-?[0-9]{2}-?[0-9]{4}$/),
    fc.stringMatching(/^\+?[0-9() .-]{5,20}$/),
  );

  test.each(["mask_pan", "mask_ssn", "mask_email", "mask_phone"])(
    "%s masks once and for all, NULL only for NULL",
    async (mask) => {
      await fc.assert(
        fc.asyncProperty(many(value), async (texts) => {
          const once = await eachText(`${mask}(x)`, texts);
          expect(await eachText(`${mask}(${mask}(x))`, texts)).toEqual(once);
          expect(once).not.toContain(null);
        }),
        RUNS,
      );
    },
  );

  test.each(["mask_pan", "mask_ssn", "mask_phone"])("%s shows four digits at most", async (mask) => {
    await fc.assert(
      fc.asyncProperty(many(value), async (texts) => {
        for (const masked of await eachText(`${mask}(x)`, texts)) {
          expect(String(masked)).toMatch(/^[*-]*(?:[0-9]{4})?$/);
        }
      }),
      RUNS,
    );
  });
});
