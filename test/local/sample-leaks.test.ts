import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { couldHoldCard, luhnValid, secretsIn } from "../../packages/local/src/main-job/leaks.ts";
import { draws, identifier } from "../../packages/local/src/sample/random.ts";
import type { Secrets } from "../../packages/local/src/sample/secrets.ts";
import { cardNumber } from "../../packages/local/src/sample/shapes.ts";

const secrets: Secrets = {
  pan: new Set(["4111111111111111", "378282246310005"]),
  ssn: new Set(["123-45-6789"]),
  email: new Set(["ana@example.com"]),
  phone: new Set(["(212) 555-0100"]),
};

describe("the scan for values in clear", () => {
  it.each([
    ["4111111111111111", ["pan"]],
    ["paid 4111 1111 1111 1111 today", ["pan"]],
    ["ref4111-1111-1111-1111x", ["pan"]],
    ["99378282246310005", ["pan"]],
    ['{"note":"ana@example.com"}', ["email"]],
    ["her number is 123456789", ["ssn"]],
    ["123-45-6789", ["ssn"]],
    ["a123456789f0b1c2", []],
    ["(212) 555-0100", ["phone"]],
    ["************1111", []],
    ["***-**-6789", []],
    ["a***@example.com", []],
    ["4111111111111112", []],
    ["2025-01-16 10:00:00", []],
  ])("reads %j as %j", (text, found) => {
    expect(secretsIn(text, secrets)).toEqual(found);
  });

  it("finds any card of the sample wherever it stands in a text, in every grouping", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 13, max: 19 }),
        fc.constantFrom("", " ", "-"),
        fc.stringMatching(/^[a-z ]{0,12}$/),
        (seed, length, by, around) => {
          const card = cardNumber(draws(seed, "card"), length);
          const written = card.replace(/(.{4})(?=.)/g, `$1${by}`);
          const own: Secrets = { pan: new Set([card]), ssn: new Set(), email: new Set(), phone: new Set() };

          expect(luhnValid(card)).toBe(true);
          expect(secretsIn(`${around}${written}${around}`, own)).toEqual(["pan"]);
          expect(couldHoldCard(`${around}${written}${around}`)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("ids of the sample", () => {
  it("are distinct for distinct rows", () => {
    const ids = new Set(Array.from({ length: 100_000 }, (_, index) => identifier(1, "order", index)));

    expect(ids.size).toBe(100_000);
  });
});
