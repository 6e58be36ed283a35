import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  CampaignRequest,
  fieldFaults,
  INLINE_IMAGE_BYTES,
  MarketCode,
  marketCode,
  marketName,
  nearMarkets,
  oneLine,
} from "@penstock/contracts";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { campaignSchemaFiles } from "../../packages/contracts/src/schema-files.ts";

const picture = { content_type: "image/png", data: "AAAA" };
const request = {
  product: { name: "Blue mug" },
  image: picture,
  objectives: ["Become known"],
  target_markets: ["DE"],
};
const fields = (change: object) => [
  ...new Set(fieldFaults(CampaignRequest, { ...request, ...change }, "body").map(({ field }) => field)),
];

describe("a version of what campaigns answer and keep never changes", () => {
  test.each([...campaignSchemaFiles()])("%s says what the contract says", (file, content) => {
    const committed = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");

    expect(committed, "changed without a new version; raise it in campaign-schemas.ts").toBe(content);
  });
});

describe("a market", () => {
  test.each([
    ["DE", "DE"],
    ["de", "DE"],
    [" Germany ", "DE"],
    ["côte d’ivoire", "CI"],
    ["Bosnia and Herzegovina", "BA"],
    ["UK", "GB"],
    ["usa", "US"],
    ["Turkey", "TR"],
    ["türkiye", "TR"],
    ["South Korea", "KR"],
  ])("that is given as %j is %s", (given, code) => {
    expect(marketCode(given)).toBe(code);
    expect(v.is(MarketCode, code)).toBe(true);
  });

  test.each(["XX", "Atlantis", "EU", "Europe", "", "D", "DEU", "constructor"])("is not %j", (given) => {
    expect(marketCode(given)).toBeUndefined();
  });

  test("has a code of two letters of its own, 249 of them, and a name that leads back to it", () => {
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    const codes = letters
      .flatMap((first) => letters.map((second) => first + second))
      .filter((code) => v.is(MarketCode, code));

    expect(codes).toHaveLength(249);
    for (const code of codes) expect(marketCode(marketName(code))).toBe(code);
  });

  test.each([
    ["Germny", ["Germany"]],
    ["Grmany", ["Germany"]],
    ["Viet Nam", ["Vietnam"]],
    ["Austrlia", ["Australia", "Austria"]],
    ["Atlantis", []],
    ["XX", []],
    ["x".repeat(100_000), []],
  ])("that is unknown, %j, has near ones: %j", (given, near) => {
    expect(nearMarkets(given)).toEqual(near);
  });
});

describe("a request for a campaign", () => {
  test("has a tier of its own accord, and texts of several lines", () => {
    const parsed = v.parse(CampaignRequest, {
      ...request,
      product: { name: "Blue mug", description: "Holds 300 ml.\n\nFired twice." },
    });

    expect(parsed.tier).toBe(1);
    expect(oneLine(parsed.product.description ?? "")).toBe("Holds 300 ml. Fired twice.");
  });

  test.each(["👩\u200d🍳 Apron", "لیوان می\u200cخواهم"])(
    "may say %j: joiners that writing needs are seen",
    (name) => {
      expect(v.parse(CampaignRequest, { ...request, product: { name } }).product.name).toBe(name);
    },
  );

  test.each([
    ["a soft hyphen", "Donau\u00addampf", "Donaudampf"],
    ["where Khmer may break", "ទឹក\u200bតែ", "ទឹកតែ"],
    ["which way Hebrew reads", "כוס\u200f 300", "כוס 300"],
    ["a mark before an accent", "Cafe\u200b\u0301", "Caf\u00e9"],
  ])("may have marks of its setting, which are left out: %s", (_, name, shown) => {
    const { product } = v.parse(CampaignRequest, { ...request, product: { name } });

    expect([oneLine(product.name), oneLine(shown)]).toEqual([shown, shown]);
  });

  test.each([
    ["no image", { image: undefined }, "image"],
    ["an image that is nothing", { image: {} }, "image"],
    ["an image both ways", { image: { ...picture, upload_id: "x" } }, "image"],
    ["an upload of another form", { image: { upload_id: "../x" } }, "image.upload_id"],
    ["an encoded path", { image: { upload_id: "%2f..%2fx.png" } }, "image.upload_id"],
    ["a picture of another type", { image: { ...picture, content_type: "image/gif" } }, "image"],
    ["no base64", { image: { ...picture, data: "AAA" } }, "image.data"],
    ["base64 with a blank", { image: { ...picture, data: "AA A" } }, "image.data"],
    ["an empty picture", { image: { ...picture, data: "" } }, "image.data"],
    [
      "a picture that is too large",
      { image: { ...picture, data: "A".repeat(Math.ceil((INLINE_IMAGE_BYTES + 3) / 3) * 4) } },
      "image.data",
    ],
    ["an empty name", { product: { name: "" } }, "product.name"],
    ["a name of white space", { product: { name: " \t\n " } }, "product.name"],
    ["a name without width", { product: { name: "\u200b\u200b" } }, "product.name"],
    ["a name with a joiner that joins nothing", { product: { name: "ap\u200dron" } }, "product.name"],
    ["a name with joiners in a row", { product: { name: "می\u200c\u200cخواهم" } }, "product.name"],
    ["a name of fillers", { product: { name: "\u3164\u3164" } }, "product.name"],
    ["a name that turns the writing", { product: { name: "a\u202eb" } }, "product.name"],
    ["a name with half a character", { product: { name: "a\ud800" } }, "product.name"],
    ["a name of 201 characters", { product: { name: "🎬".repeat(201) } }, "product.name"],
    [
      "10,000 characters of description",
      { product: { name: "a", description: "x".repeat(10_000) } },
      "product.description",
    ],
    ["a category of 81 characters", { product: { name: "a", category: "x".repeat(81) } }, "product.category"],
    ["no objective", { objectives: [] }, "objectives"],
    ["six objectives", { objectives: Array.from({ length: 6 }, () => "x") }, "objectives"],
    ["an empty objective", { objectives: ["a", " "] }, "objectives.1"],
    ["no market", { target_markets: [] }, "target_markets"],
    ["six markets", { target_markets: ["DE", "FR", "IT", "ES", "PT", "NL"] }, "target_markets"],
    ["an unknown market", { target_markets: ["DE", "Atlantis"] }, "target_markets.1"],
    ["a market that is no text", { target_markets: [49] }, "target_markets.0"],
    ["an audience of 501 characters", { target_audience: "x".repeat(501) }, "target_audience"],
    ["a third tier", { tier: 3 }, "tier"],
    ["a user", { user_id: "somebody" }, "user_id"],
  ])("with %s is wrong at its place", (_, change, field) => {
    expect(fields(change)).toEqual([field]);
  });

  test("tells near names of a market, and repeats nothing that was given", () => {
    const [fault] = fieldFaults(CampaignRequest, { ...request, target_markets: ["Germny"] }, "body");

    expect(fault?.detail).toContain("Near: Germany.");
    expect(fault?.detail).not.toContain("Germny");
  });

  test("takes a picture of four megabytes", () => {
    const data = Buffer.alloc(INLINE_IMAGE_BYTES).toString("base64");

    expect(fields({ image: { ...picture, data } })).toEqual([]);
  });
});
