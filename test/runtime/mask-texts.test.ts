import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, maskTexts, openSession } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mulberry } from "../e2e/random.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-mask-texts-"));
  session = await openSession({ memoryMb: 500, threads: 1, tempDirectory: folder });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** Texts, and what is shown of them. Ids are made up, with check digits that hold. */
const ids: [text: string, shown: string][] = [
  ["ssn 123-45-6789.", "ssn ***-**-6789."],
  ["SSN123-45-6789", "SSN***-**-6789"],
  ["123 45 6789, 987-65-4321", "***-**-6789, ***-**-4321"],
  ["123\u201345\u20136789", "***-**-6789"],
  ["cpf 529.982.247-25 x", "cpf *** x"],
  ["52998224725", "***"],
  ["aadhaar 2341 2341 2346", "aadhaar ***"],
  ["sin 046 454 286", "sin ***"],
  ["nir 1 84 12 76 451 089 46", "nir ***"],
  ["nir 1 84 12 2A 451 089 33", "nir ***"],
  ["dni 12345678Z", "dni ***"],
  ["nie x1234567l, y-1234567-X", "nie ***, ***"],
  ["RSSMRA85T10A562S", "***"],
  ["nino AB 12 34 56 C", "nino ***"],
];

/** What looks like an id and is none. */
const others = [
  "529.982.247-26",
  "111.111.111-11",
  "2341 2341 2347",
  "046 454 287",
  "12345678A",
  "123-45-67890",
  "0123-45-6789",
  "555-123-4567",
  "2024-03-01 12:30:00",
  "192.168.100.200",
  "dwA4AEUAZQ12345678ZBKAGcAKwBG",
  "order 1234567, 12 pieces",
  "***-**-6789 and ***",
  "************1111",
];

describe("texts", () => {
  test("have the national ids hidden that their check digits tell, and nothing else", async () => {
    const { texts, national_ids } = await maskTexts(session, [...ids.map(([text]) => text), ...others]);

    expect(texts).toEqual([...ids.map(([, shown]) => shown), ...others]);
    expect(national_ids).toBe(ids.length + 2);
  });

  test("have cards, addresses and ids hidden beside each other, each counted", async () => {
    const masked = await maskTexts(session, [
      "anna.b+x@mail.example.com paid 4111 1111 1111 1111, ssn 123-45-6789; élan@example.org",
      "nothing here",
      "it's 'quoted' \0 5500000000000004 \ud800",
      "",
    ]);

    expect(masked).toEqual({
      texts: [
        "a***@mail.example.com paid ************1111, ssn ***-**-6789; é***@example.org",
        "nothing here",
        "it's 'quoted'   ************0004 \ufffd",
        "",
      ],
      cards: 2,
      national_ids: 1,
      emails: 2,
    });
  });

  test("masked twice are as they were masked once, and nothing is counted again", async () => {
    const given = [...ids.map(([text]) => text), "a@example.com 4111111111111111"];
    const once = await maskTexts(session, given);
    const twice = await maskTexts(session, once.texts);

    expect(twice).toEqual({ texts: once.texts, cards: 0, national_ids: 0, emails: 0 });
  });

  test("are looked at by the engine where anything may be hidden in them: what is not is as if it had been", async () => {
    const random = mulberry(6);
    const parts = "0123456789 0123456789 -.–\u00a0AZXYRSMTabcſK*é,/".split("");
    const some = (most: number) =>
      Array.from({ length: random() * most }, () => parts[Math.floor(random() * parts.length)]).join("");
    const given = [...ids.map(([text]) => text), ...others].flatMap((text) => [
      text,
      ...Array.from({ length: 60 }, () => `${some(4)}${text}${some(4)}`),
      ...Array.from({ length: 60 }, () => some(32)),
    ]);

    const alone = await maskTexts(session, given);
    // An address is always looked at, and whatever stands beside it.
    const beside = await maskTexts(
      session,
      given.map((each) => `${each} | a@b.org`),
    );

    expect(beside.texts.map((each) => each.replace(/ \| a\*{3}@b\.org$/, ""))).toEqual(alone.texts);
    expect(alone.national_ids).toBeGreaterThan(ids.length + 2);
  });

  test("are as many as are given, in more than one query", async () => {
    const given = Array.from({ length: 21_000 }, (_, at) => `ref 123456 ${100000 + at}`);
    given[0] = "first 4111111111111111";
    given[20_999] = "last 4111111111111111";

    const { texts, cards } = await maskTexts(session, given);

    expect(texts[0]).toBe("first ************1111");
    expect(texts.slice(1, 20_999)).toEqual(given.slice(1, 20_999));
    expect(texts[20_999]).toBe("last ************1111");
    expect(cards).toBe(2);
  });
});
