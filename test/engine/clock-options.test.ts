import { describe, expect, test } from "vitest";
import { parseOptions, UsageError } from "../../packages/local/src/main-job/options.ts";
import { parseTimeScale } from "../../packages/local/src/main-job/time-scale.ts";

describe("--time-scale", () => {
  test.each([
    ["1", 1],
    ["1000", 1000],
    ["2.5", 2.5],
    ["1000000", 1_000_000],
  ])("%s is so many times as fast", (text, times) => {
    expect(parseTimeScale(text)).toBe(times);
    expect(parseOptions(["--time-scale", text]).timeScale).toBe(times);
  });

  test.each(["0", "0.5", "-3", "fast", "", "1e3", "1000001", "Infinity"])(
    "%j is refused, with what would be right",
    (text) => {
      expect(parseTimeScale(text)).toBeUndefined();
      expect(() => parseOptions([`--time-scale=${text}`])).toThrow(UsageError);
      expect(() => parseOptions([`--time-scale=${text}`])).toThrow(
        `--time-scale takes a number from 1 to 1000000, not "${text}".`,
      );
    },
  );

  test("without it time runs as it does", () => {
    expect(parseOptions([]).timeScale).toBe(1);
  });
});
