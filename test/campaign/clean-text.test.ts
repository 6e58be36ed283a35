import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, plainLine } from "../../packages/campaign/src/text/clean-text.ts";

type Case = [what: string, text: string, clean: string];

describe("what a model wrote keeps its words and loses what leads elsewhere", () => {
  test.each<Case>([
    ["a link", "Buy at https://evil.example/?q=1 now!", "Buy at now!"],
    ["a link of another scheme", "Get ftp://a.b/c here", "Get here"],
    ["a host", "Visit evil.example/x today", "Visit today"],
    ["a host in capitals", "EVIL.COM has it", "has it"],
    ["a host with a full-width dot", "Visit evil。example today", "Visit today"],
    ["a host in full-width letters", "ｅｖｉｌ．ｃｏｍ sells", "sells"],
    ["a host that is spelled out", "evil[.]com and eve (at) evil (dot) com here", "and here"],
    ["an address of the network", "Go to 10.0.0.1:8080/x now", "Go to now"],
    ["an e-mail address", "Mail eve@evil.example please", "Mail please"],
    ["an account", "Follow @evil_corp there", "Follow there"],
    ["a telephone number", "Call +49 170 1234567 now", "Call now"],
    ["one in groups", "Call (0170) 123 4567 or 555-0199 now", "Call or now"],
    ...[
      ...["0170 1234567", "0800 1234567", "(0170) 1234567", "0170/1234567", "030 12345678"],
      ...["06 12 34 56 78", "49 170 1234567", "089-123456", "1-800-FLOWERS", "800-555-CALL"],
    ].map((number): Case => [`the number ${number}`, `Call ${number} now`, "Call now"]),
    ...["evil.Ru/pay", "localhost:8080/x", "evil.中国", "www.evil.中国/x", "evil.example:81/x?y"].map(
      (host): Case => [`the host ${host}`, `Visit ${host} today`, "Visit today"],
    ),
    ["an id", "Of 0b7c9f0e-1111-4222-8333-444455556666 too", "Of too"],
    ["a person's id", "Of usr_0123456789abcdefghjkmnpqrs too", "Of too"],
    ["a tag", "<img src=x onerror=alert(1)>Hello <b>you</b>", "Hello you"],
    ["a tag that is not closed", "Hello <script src=x", "Hello"],
    ["a tag within a tag", "<<b>script>x", "< script>x"],
    ["entities of a tag", "&lt;script&gt; x", "script x"],
    ["a link of Markdown", "[Look](https://evil.example) here", "Look here"],
    ["a picture of Markdown", "Look ![x](https://evil.example/?q=DATA) here", "Look here"],
    ["a script's address", "Do javascript:alert(1) now", "Do now"],
    ["what nobody sees", "a\u200bb\u202ec\u0007d", "abc d"],
  ])("%s", (_, text, clean) => {
    expect(cleanText(text, 600)).toBe(clean);
  });

  test.each([
    "Half ½ of it™, 1.5 litres in 3.5 weeks, e.g. on 2026-11-21",
    "Ten million (10 000 000) views in 2025-2026",
    "Tea & cake: U.K. and U.S.A. markets. Next! 50 % more",
    "From 05.12.2026 or 05-12-2026 or 05/12/2026 on, 08:00 to 18:00, 24/7",
    "100 000 000 views of 0.75 l, 0-60 in 3.5 s, in 2025/2026, 1,000,000.00 EUR",
    "The U.S./Canada market, and/or km/h",
    "茶と菓子の時間。香港の中国茶/お菓子。なぜ?それは",
    "茶と菓子の時間",
    "Kaffee trinken 🎬",
    "For the whole 👨\u200d👩\u200d👧 and the 👩🏽\u200d🍳",
    "یک فنجان چای می\u200cخواهم",
    "क्\u200dष और क्\u200cष",
  ])("%j stays as it is", (text) => {
    expect(cleanText(text, 600)).toBe(text);
  });

  test.each(["", "   ", "\u200b", "https://evil.example", "<b></b>", "...", "(a@b.c)"])(
    "of %j nothing is left",
    (text) => {
      expect(cleanText(text, 600)).toBe("");
    },
  );

  test.each([
    ["between letters that do not join", "ta\u200dx", "tax"],
    ["beside a dot", "می\u200c.خواهم", "می.خواهم"],
    ["twice", "می\u200c\u200cخواهم", "میخواهم"],
    ["at an end", "👨\u200d", "👨"],
    ["between an emoji and a word", "👨\u200dx", "👨x"],
  ])("a joiner %s is none", (_, text, clean) => {
    expect(cleanText(text, 600)).toBe(clean);
  });

  test("an emoji that is cut keeps nothing that nobody sees", () => {
    expect(cleanText("👨\u200d👩\u200d👧", 2)).toBe("👨");
  });

  test("is cut by what people take for characters' code points", () => {
    expect(cleanText("🎬".repeat(100), 60)).toBe("🎬".repeat(60));
  });

  test("is clean however pieces of addresses and markup are put together", () => {
    const piece = fc.constantFrom(
      ..."<|>|&lt;|[|](|)|![|http|://|www|.|evil|com|@|a| |(at)|[.]|javascript:|+49|170|-|/|\u200b|。".split(
        "|",
      ),
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const clean = cleanText(pieces.join(""), 600);

        expect(clean).not.toMatch(/:\/\/|@\S|<[a-z/!]|\bevil\.com|\p{Cf}/u);
        expect(cleanText(clean, 600)).toBe(clean);
      }),
      { numRuns: 2000 },
    );
  });
});

test("a stranger's line keeps its addresses, and loses markup and what nobody sees", () => {
  expect(plainLine("<b>Mug\u202e</b> at https://shop.example/x\n\nnow")).toBe(
    "Mug at https://shop.example/x now",
  );
});
