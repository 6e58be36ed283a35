import { describe, expect, it } from "vitest";
import { evaluatePrefix, namedKeys, parsePrefix } from "../../packages/local/src/cloud/firehose/prefix.ts";

const refuse = (why: string): never => {
  throw new Error(why);
};

/** What a prefix becomes for an object whose oldest record came on the last day of 2025. */
const evaluated = (text: string) =>
  evaluatePrefix(parsePrefix(text, refuse), {
    oldest: new Date("2025-12-31T08:05:03.000Z"),
    keys: { shop: "berlin" },
    errorType: "processing-failed",
  });

describe("a prefix of Firehose's", () => {
  it.each([
    ["", "2025/12/31/08/"],
    ["raw/", "raw/2025/12/31/08/"],
    ["raw/!{timestamp:yyyy-MM-dd}/", "raw/2025-12-31/"],
    ["!{timestamp:'day='dd'/'HHmmss}", "day=31/080503"],
    ["shop=!{partitionKeyFromQuery:shop}/", "shop=berlin/"],
    ["!{firehose:error-output-type}/!{timestamp:yyyy}/", "processing-failed/2025/"],
  ])("%j becomes %j", (text, wanted) => {
    expect(evaluated(text)).toBe(wanted);
  });

  it("has another random part in each object", () => {
    const [one, other] = [evaluated("!{firehose:random-string}/"), evaluated("!{firehose:random-string}/")];

    expect(one).toMatch(/^[0-9a-f]{11}\/$/);
    expect(one).not.toBe(other);
  });

  it("tells which partition keys it names", () => {
    const prefix = parsePrefix(
      "!{partitionKeyFromQuery:a}/!{timestamp:yyyy}/!{partitionKeyFromQuery:b}/",
      refuse,
    );

    expect(namedKeys(prefix)).toEqual(["a", "b"]);
  });

  it.each([
    "!{timestamp:YYYY}",
    "!{timestamp:MMM}",
    "!{timestamp:'open}",
    "!{timestamp:yyyy",
    "!{partitionKeyFromLambda:a}",
    "!{firehose:other}",
  ])("is refused as %s", (text) => {
    expect(() => parsePrefix(text, refuse)).toThrow();
  });
});
