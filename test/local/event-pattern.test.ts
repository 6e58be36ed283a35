import { describe, expect, test } from "vitest";
import { compilePattern, InvalidEventPattern } from "../../packages/local/src/cloud/events/event-pattern.ts";

const created = {
  source: "aws.s3",
  "detail-type": "Object Created",
  resources: ["arn:aws:s3:::raw", "arn:aws:s3:::other"],
  time: "2026-01-01T00:00:00Z",
  detail: {
    bucket: { name: "raw" },
    object: { key: "ecommerce/orders-raw/year=2026/ä b.parquet", size: 5 },
    reason: "PutObject",
    ip: "10.0.1.7",
    parts: [{ id: "a" }, { id: "b" }],
    nothing: null,
    empty: [],
    flag: true,
  },
};

describe("an event pattern", () => {
  test.each<[string, object, boolean]>([
    ["one of several exact values", { source: ["aws.s3", "aws.ec2"] }, true],
    ["no exact value", { source: ["aws.ec2"] }, false],
    ["every field named", { source: ["aws.s3"], detail: { reason: ["CopyObject"] } }, false],
    ["one element of an array", { resources: ["arn:aws:s3:::other"] }, true],
    ["fields within objects of an array", { detail: { parts: { id: ["b"] } } }, true],
    ["numbers by value", { detail: { object: { size: [5] } } }, true],
    ["a number is not its text", { detail: { object: { size: ["5"] } } }, false],
    ["null", { detail: { nothing: [null] } }, true],
    ["true", { detail: { flag: [true] } }, true],
    ["prefix", { detail: { object: { key: [{ prefix: "ecommerce/" }] } } }, true],
    ["a prefix is case sensitive", { detail: { object: { key: [{ prefix: "Ecommerce/" }] } } }, false],
    [
      "a prefix whatever the case",
      { detail: { object: { key: [{ prefix: { "equals-ignore-case": "ECOMMERCE/" } }] } } },
      true,
    ],
    ["suffix", { detail: { object: { key: [{ suffix: "ä b.parquet" }] } } }, true],
    ["wildcard", { detail: { object: { key: [{ wildcard: "ecommerce/*-raw/*" }] } } }, true],
    ["a wildcard takes the whole value", { detail: { object: { key: [{ wildcard: "*-raw/" }] } } }, false],
    ["a wildcard's dot is a dot", { detail: { object: { key: [{ wildcard: "*xparquet" }] } } }, false],
    ["a wildcard's star can be escaped", { detail: { reason: [{ wildcard: "Put\\*" }] } }, false],
    ["anything but a value", { detail: { reason: [{ "anything-but": "CopyObject" }] } }, true],
    ["anything but one of", { detail: { reason: [{ "anything-but": ["CopyObject", "PutObject"] }] } }, false],
    ["anything but a number", { detail: { object: { size: [{ "anything-but": [5, 6] }] } } }, false],
    [
      "anything but a prefix",
      { detail: { object: { key: [{ "anything-but": { prefix: "tmp/" } }] } } },
      true,
    ],
    [
      "anything but several suffixes",
      { detail: { object: { key: [{ "anything-but": { suffix: [".csv", ".parquet"] } }] } } },
      false,
    ],
    [
      "anything but a wildcard",
      { detail: { object: { key: [{ "anything-but": { wildcard: "*/orders-raw/*" } }] } } },
      false,
    ],
    ["anything but is of a field that is there", { detail: { absent: [{ "anything-but": "x" }] } }, false],
    ["numeric range", { detail: { object: { size: [{ numeric: [">", 0, "<=", 5] }] } } }, true],
    ["numeric bounds", { detail: { object: { size: [{ numeric: ["<", 5] }] } } }, false],
    ["numeric equality", { detail: { object: { size: [{ numeric: ["=", 5] }] } } }, true],
    ["numeric is of numbers", { detail: { reason: [{ numeric: [">", 0] }] } }, false],
    ["exists", { detail: { reason: [{ exists: true }] } }, true],
    ["exists for null", { detail: { nothing: [{ exists: true }] } }, true],
    ["exists is of leaves", { detail: { bucket: [{ exists: true }] } }, false],
    ["does not exist", { detail: { absent: [{ exists: false }] } }, true],
    ["does not exist though it does", { detail: { reason: [{ exists: false }] } }, false],
    ["absent or a value", { detail: { reason: [{ exists: false }, "PutObject"] } }, true],
    ["equals whatever the case", { detail: { reason: [{ "equals-ignore-case": "putobject" }] } }, true],
    ["an address in a range", { detail: { ip: [{ cidr: "10.0.0.0/16" }] } }, true],
    ["an address beyond a range", { detail: { ip: [{ cidr: "10.0.0.0/24" }] } }, false],
    ["an empty array has no value", { detail: { empty: ["x"] } }, false],
    ["$or of fields", { $or: [{ source: ["x"] }, { detail: { object: { size: [5] } } }] }, true],
    ["$or beside other fields", { source: ["aws.s3"], $or: [{ account: ["x"] }, { account: ["y"] }] }, false],
    ["$or deeper down", { detail: { $or: [{ reason: ["CopyObject"] }, { flag: [true] }] } }, true],
    ["a field of what is no object", { source: { name: ["x"] } }, false],
  ])("%s", (_, pattern, expected) => {
    expect(compilePattern(pattern)(created)).toBe(expected);
  });

  test.each<[string, unknown, string]>([
    ["no object", [], "the pattern"],
    ["an empty object", {}, "the pattern"],
    ["an empty object within", { detail: {} }, "detail"],
    ["an empty array", { source: [] }, "source"],
    ["a bare value", { source: "aws.s3" }, "source"],
    ["an unknown matcher", { source: [{ preffix: "aws." }] }, 'source: the matcher "preffix"'],
    ["two matchers in one", { source: [{ prefix: "a", suffix: "b" }] }, "source"],
    ["a numeric without a bound", { detail: { size: [{ numeric: [">"] }] } }, "detail.size"],
    ["a numeric operator that is none", { detail: { size: [{ numeric: ["!", 1] }] } }, "detail.size"],
    ["an $or of one", { $or: [{ source: ["x"] }] }, "$or"],
    ["anything-but with an unknown matcher", { source: [{ "anything-but": { numeric: [1] } }] }, "source"],
    ["an array in an array", { source: [["aws.s3"]] }, "source"],
  ])("refuses %s, and says where", (_, pattern, where) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidEventPattern);
    expect(() => compilePattern(pattern)).toThrow(where);
  });
});
