import { describe, expect, test } from "vitest";
import { exclusionOf } from "../../packages/local/src/cloud/glue/crawlers/exclusions.ts";

describe("a crawler's exclusion", () => {
  test.each([
    ["*.csv", ["a.csv"], ["a/b.csv", "a.csv.parquet", "acsv"]],
    ["**.csv", ["a.csv", "a/b/c.csv"], ["a.parquet"]],
    ["tmp/**", ["tmp/a", "tmp/a/b"], ["tmp", "other/tmp/a"]],
    ["*/new/*", ["a/new/b"], ["new/b", "a/c/new/b"]],
    ["year=20{19,2?}/**", ["year=2019/a", "year=2025/a"], ["year=2018/a", "year=202/a"]],
    ["[a-c]?.parquet", ["ax.parquet", "c1.parquet"], ["dx.parquet", "a.parquet"]],
    ["[!a]*", ["b", "bc"], ["a", "ab"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["a,b", ["a,b"], ["a", "b"]],
  ])("%s", (glob, excluded, kept) => {
    const isExcluded = exclusionOf([glob]);

    expect(excluded.filter((path) => !isExcluded(path))).toEqual([]);
    expect(kept.filter(isExcluded)).toEqual([]);
  });
});
