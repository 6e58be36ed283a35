import { InvalidContract, table, UnsupportedAction } from "@penstock/contracts";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { decimals } from "../../packages/contracts/src/actions/decimals.ts";
import { isoDate } from "../../packages/contracts/src/actions/iso-date.ts";
import { isoTimestamp } from "../../packages/contracts/src/actions/iso-timestamp.ts";

const key = v.pipe(v.string(), v.regex(/^[a-z]+$/));

function build(schema: v.GenericSchema) {
  return table({
    name: "things",
    version: 1,
    description: "for this test",
    schema: v.strictObject({ id: key, given: schema }),
    primaryKey: ["id"],
    latestBy: "id",
  });
}

const safe = [v.minValue<number, -9>(-9), v.maxValue<number, 9>(9)] as const;

/** Each would compile to SQL of another meaning, or to none. The second entry is what the error names. */
const REFUSED: Record<string, readonly [v.GenericSchema, string]> = {
  "an object": [v.object({ a: v.string() }), "object"],
  "an array": [v.array(v.string()), "array"],
  "a union": [v.union([v.string(), v.number()]), "union"],
  "any value": [v.unknown(), "unknown"],
  "a JavaScript date": [v.date(), "date"],
  "a bigint": [v.bigint(), "bigint"],
  "a literal": [v.literal("a"), "literal"],
  "a custom check of one's own": [v.custom<string>((value) => value === "a"), "custom"],
  "a picklist of numbers": [v.picklist([1, 2]), "picklist"],
  "an empty picklist": [v.picklist([]), "picklist"],
  "a picklist with a length": [
    v.pipe(v.picklist(["a", "bb"]), v.minCodePoints(2)),
    "min_code_points on a picklist",
  ],
  "a default": [v.optional(v.string(), "a"), "optional"],
  "a nullish default": [v.nullish(v.string(), "a"), "nullish with a default"],
  "an optional that may not be null": [v.optional(v.string()), "optional"],
  "a fallback": [v.fallback(v.string(), "a"), "fallback"],
  "a fallback inside": [v.nullable(v.pipe(v.fallback(v.string(), "a"), v.maxCodePoints(3))), "fallback"],
  "a wrapper inside a pipe": [
    v.pipe(
      v.nullable(v.string()),
      v.check(() => true),
    ),
    "nullable",
  ],
  "a second schema in a pipe": [v.pipe(v.string(), v.string()), "string"],
  "a transformation": [v.pipe(v.string(), v.trim()), "trim"],
  "a brand": [v.pipe(v.string(), v.brand("Id")), "brand"],
  "a check in JavaScript": [
    v.pipe(
      v.string(),
      v.check((text) => text !== "a"),
    ),
    "check",
  ],
  "valibot's e-mail, whose pattern has flags": [v.pipe(v.string(), v.email()), "email"],
  "valibot's timestamp, which admits the 30th of February": [
    v.pipe(v.string(), v.isoTimestamp()),
    "iso_timestamp",
  ],
  "a length in UTF-16 units": [v.pipe(v.string(), v.maxLength(3)), "max_length"],
  "a length in graphemes": [v.pipe(v.string(), v.maxGraphemes(3)), "max_graphemes"],
  "a length that is not whole": [v.pipe(v.string(), v.maxCodePoints(2.5)), "max_code_points 2.5"],
  "a least text, since collations differ": [v.pipe(v.string(), v.minValue("a")), "min_value a on a string"],
  "a NaN limit": [v.pipe(v.number(), v.minValue(Number.NaN)), "min_value NaN on a number"],
  "an infinite limit": [
    v.pipe(v.number(), v.maxValue(Number.POSITIVE_INFINITY)),
    "max_value Infinity on a number",
  ],
  "a multiple of": [v.pipe(v.number(), v.multipleOf(0.01)), "multiple_of"],
  "an integer without limits": [v.pipe(v.number(), v.integer()), "integer"],
  "an integer beyond 2^53": [v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 53)), "integer"],
  "a decimal without limits": [v.pipe(v.number(), decimals(10, 2)), "decimals"],
  "a decimal wider than its type": [
    v.pipe(v.number(), decimals(3, 2), v.minValue(0), v.maxValue(10)),
    "decimals",
  ],
  "two patterns, which JSON Schema has no place for": [
    v.pipe(v.string(), v.regex(/^[a-z]+$/), v.regex(/^a*$/)),
    "a second regex",
  ],
  "a decimal of 16 digits": [v.pipe(v.number(), decimals(16, 2), ...safe), "decimals"],
  "a decimal that is an integer": [
    v.pipe(v.number(), v.integer(), decimals(10, 2), ...safe),
    "integer with decimals",
  ],
  "a greatest moment that compares wrongly as text": [
    v.pipe(isoTimestamp, v.maxValue("2020-01-01T00:00:00")),
    "max_value 2020-01-01T00:00:00 on a timestamp",
  ],
  "a least moment that compares wrongly as text": [
    v.pipe(isoTimestamp, v.minValue("2020-01-01T00:00:00.000000")),
    "min_value 2020-01-01T00:00:00.000000 on a timestamp",
  ],
  "a limit that is no day": [v.pipe(isoDate, v.minValue("2020-02-30")), "min_value 2020-02-30 on a date"],
  "a pattern on a moment": [v.pipe(isoTimestamp, v.regex(/^2.*$/)), "regex on a timestamp"],
  "a look-alike of a known action": [
    v.pipe(v.string(), { ...v.maxCodePoints(3), reference: v.maxLength, type: "max_code_points" } as never),
    "max_code_points",
  ],
};

describe("a contract that SQL cannot express is refused when it is built", () => {
  test.each(Object.entries(REFUSED))("%s", (_name, [schema, action]) => {
    const building = () => build(schema);
    expect(building).toThrow(UnsupportedAction);
    expect(building).toThrow(expect.objectContaining({ name: "UnsupportedAction", column: "given", action }));
  });

  test("the strictest of two limits counts, so a wider second one is no overflow", () => {
    expect(() => build(v.pipe(v.number(), decimals(3, 2), ...safe, v.maxValue(10)))).not.toThrow();
  });

  test("what is supported is not refused", () => {
    const schemas = [
      v.nullish(v.nullable(v.pipe(v.string(), v.title("a"), v.description("b"), v.minCodePoints(1)))),
      v.pipe(v.pipe(v.number(), v.integer(), ...safe), v.description("nested")),
      v.pipe(isoDate, v.minValue("2020-01-01"), v.maxValue("2020-12-31")),
      v.pipe(v.number(), v.finite()),
      v.boolean(),
    ];
    const types = schemas.map((schema) => build(schema).columns[1]?.type);
    expect(types).toEqual(["string", "integer", "date", "double", "boolean"]);
  });
});

describe("a contract that contradicts itself is refused when it is built", () => {
  const base = { name: "things", version: 1, description: "for this test", latestBy: "id" } as const;
  const schema = v.strictObject({
    id: key,
    maybe: v.nullable(v.string()),
    size: v.pipe(v.number(), v.finite()),
  });

  test.each([
    ["a key that may be null", { primaryKey: ["maybe"] }, /key column "maybe"/],
    ["a sensitive number", { sensitive: { size: "pan" } }, /"size" is pan/],
    ["a security code that cannot be dropped", { sensitive: { id: "cvv" } }, /"id" is dropped/],
    [
      "a reference of two columns to one",
      { references: [{ columns: ["id"], table: "t", to: ["a", "b"] }] },
      /pairs 1/,
    ],
    [
      "a row rule over two types",
      { rules: [{ name: "odd", description: "", holds: { left: "id", operator: "<", right: "size" } }] },
      /odd compares string with double/,
    ],
    [
      "a source that lacks a column",
      { sources: { other: { files: [], columns: { a: "id" } } } },
      /lacks "maybe"/,
    ],
    [
      "a source with two names for one column",
      { sources: { other: { files: [], columns: { a: "id", b: "id", maybe: "maybe", size: "size" } } } },
      /two columns to one/,
    ],
  ] as const)("%s", (_name, change, message) => {
    const building = () => table({ ...base, schema, primaryKey: ["id"], ...change });
    expect(building).toThrow(InvalidContract);
    expect(building).toThrow(message);
  });
});
