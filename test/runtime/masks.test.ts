import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type DuckSession, openSession, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/penstock-masks-`);
  session = await openSession({ memoryMb: 500, threads: 2, tempDirectory: folder });
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

async function masked(mask: string, value: string | null): Promise<unknown> {
  const [row] = await session.rows(`SELECT ${mask}(${value === null ? "NULL" : text(value)}) AS y`);
  return row?.y;
}

describe("mask_pan", () => {
  test.each([
    ["4111111111111111", "************1111"],
    ["4111 1111 1111 1111", "************1111"],
    ["4111-1111-1111-1111", "************1111"],
    ["378282246310005", "************0005"],
    ["4111111111111112", "************1112"], // not Luhn-valid, and yet somebody's card with a slip
    ["************1111", "************1111"],
    ["411111111111", "***"], // 12 digits
    ["41111111111111111111", "***"], // 20 digits
    ["card 4111111111111111", "***"],
    ["", "***"],
    [null, null],
  ])("%j → %j", async (value, expected) => {
    expect(await masked("mask_pan", value)).toBe(expected);
  });
});

describe("mask_ssn", () => {
  test.each([
    ["123-45-6789", "***-**-6789"],
    ["123456789", "***-**-6789"],
    ["123 45 6789", "***-**-6789"],
    ["***-**-6789", "***-**-6789"],
    ["12-345-6789", "***"],
    ["123-45-678x", "***"],
    [null, null],
  ])("%j → %j", async (value, expected) => {
    expect(await masked("mask_ssn", value)).toBe(expected);
  });
});

describe("mask_email", () => {
  test.each([
    ["anna@example.com", "a***@example.com"],
    ["a@example.com", "a***@example.com"],
    ["élan@example.com", "é***@example.com"],
    ["😀x@example.com", "😀***@example.com"],
    ["a***@example.com", "a***@example.com"],
    ["a@b@example.com", "***"],
    ["@example.com", "***"],
    ["no address", "***"],
    [null, null],
  ])("%j → %j", async (value, expected) => {
    expect(await masked("mask_email", value)).toBe(expected);
  });
});

describe("mask_phone", () => {
  test.each([
    ["+55 (11) 98888-7777", "***-***-7777"],
    ["555-123-4567", "***-***-4567"],
    ["5551234567", "***-***-4567"],
    ["***-***-4567", "***-***-4567"],
    ["555-123-4567 x12", "***"],
    ["123456", "***"], // 6 digits
    ["4111 1111 1111 1111", "***"], // 16: no telephone has more than 15
    [null, null],
  ])("%j → %j", async (value, expected) => {
    expect(await masked("mask_phone", value)).toBe(expected);
  });
});

describe("hidden_cards", () => {
  test.each([
    ["pay 4111 1111 1111 1111 today", "pay ************1111 today"],
    ["pay4111111111111111today", "pay************1111today"],
    ["4111-1111-1111-1111", "************1111"],
    ["4111 - 1111 - 1111 - 1111", "************1111"],
    ["4111 1111\r\n1111 1111", "************1111"],
    ["4111\u20131111\u20131111\u20131111", "************1111"],
    ["item 2 4111 1111 1111 1111 box 7", "item 2 ************1111 box 7"],
    ["2024-05-06 4111111111111111", "2024-05-06 ************1111"],
    ["4111111111111111 5500000000000004", "************1111 ************0004"],
    ["4111111111111111,378282246310005", "************1111,************0005"],
    ["id 74111111111111111", "id ************1111"], // glued to a digit, but an issuer's
    ["boleto 00190500954014481606906809350314337370000000100", "boleto ************0100"],
    ["4111 1111 1111 1112", "4111 1111 1111 1112"],
    ["411111111111", "411111111111"],
    ["4111.1111.1111.1111", "4111.1111.1111.1111"],
    ["12.345.678/0001-95", "12.345.678/0001-95"],
    ["card ************1111, ref 123456789", "card ************1111, ref 123456789"],
    ["\u{1F4B3} 4111111111111111 \u{1F600}", "\u{1F4B3} ************1111 \u{1F600}"],
    ["", ""],
    [null, null],
  ])("%j → %j", async (value, expected) => {
    const [row] = await session.rows(`SELECT hidden_cards([${value === null ? "NULL" : text(value)}]) AS y`);
    expect(row).toEqual({ y: [value === expected ? null : expected] });
  });

  test("answers for every text, in the order of the texts", async () => {
    const [row] = await session.rows(
      "SELECT hidden_cards(['x', '4111111111111111', NULL, 'y 5500000000000004']) AS y, hidden_cards(CAST([] AS VARCHAR[])) AS none, hidden_cards(NULL) AS n",
    );

    expect(row).toEqual({ y: [null, "************1111", null, "y ************0004"], none: [], n: null });
  });

  test("finds every card of a long text, and one at the end of a very long one", async () => {
    const [row] = await session.rows(
      `SELECT hidden_cards([repeat('paid 4111 1111 1111 1111, ', 20000)])[1] = repeat('paid ************1111, ', 20000) AS every,
              right(hidden_cards([repeat('é😀 ', 1000000) || '4111111111111111'])[1], 17) AS last,
              hidden_cards([repeat('1', 1000000)])[1] AS digits`,
    );

    expect(row).toEqual({ every: true, last: " ************1111", digits: "************1111" });
  });

  test("looks into a run of 1000 digits, and masks a longer one whole", async () => {
    const [row] = await session.rows(
      `SELECT hidden_cards([x || '9'])[1] IS NULL AS kept, hidden_cards([x || '9 9'])[1] AS whole,
              hidden_cards([repeat('1 ', 500000)])[1] AS very_long,
              hidden_cards(['************55555 ' || x || '9 9'])[1] AS behind_stars
       FROM (SELECT repeat('9 ', 999) AS x)`,
    );

    expect(row).toEqual({
      kept: true,
      whole: "************9999",
      very_long: "************1111 ",
      behind_stars: "************************9999",
    });
  });
});
