import { type Column, type Contract, jsonSchema } from "@penstock/contracts";
import fc from "fast-check";

/** One cell twice: as a reader hands it to JavaScript, and as the text that DuckDB casts to the column's type. */
export interface RawCell {
  readonly raw: unknown;
  readonly text: string | null;
}

/** What the published JSON Schema says of a column; the generators start from it. */
export interface Facts {
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The facts of every column, whether it is nullable or not. */
export function factsOf(contract: Contract): Record<string, Facts> {
  const properties: Record<string, unknown> = jsonSchema(contract).properties ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const wrapped = isObject(property) && Array.isArray(property.anyOf) ? property.anyOf[0] : property;
      return [name, isObject(wrapped) ? wrapped : {}];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const NULL_CELL: RawCell = { raw: null, text: null };
const asText = (value: string): RawCell => ({ raw: value, text: value });
const asNumber = (value: number): RawCell => ({
  raw: value,
  text: Object.is(value, -0) ? "-0" : String(value),
});
const asWhole = (value: bigint): RawCell => ({ raw: value, text: String(value) });

/** Cells of a column stored as `type`: mostly good ones, and the worst ones. */
export function cellsOf(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  return fc.oneof(
    { weight: 12, arbitrary: goodCells(column, type, facts) },
    { weight: 2, arbitrary: badCells(column, type, facts) },
    { weight: column.nullable ? 3 : 1, arbitrary: fc.constant(NULL_CELL) },
  );
}

function goodCells(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  switch (column.type) {
    case "string":
      return goodText(facts).map(asText);
    case "boolean":
      return fc
        .boolean()
        .map((value) => ({ raw: type === "VARCHAR" ? String(value) : value, text: String(value) }));
    case "timestamp":
    case "date":
      return moments(column, type);
    case "integer": {
      const whole = fc.integer({ min: facts.minimum ?? 0, max: Math.min(facts.maximum ?? 0, 120) });
      return whole.map((value) => stored(value, type));
    }
    default:
      return fc.integer({ min: 0, max: 1_000_000 }).map((cents) => stored(cents / 100, type));
  }
}

function badCells(column: Column, type: string, facts: Facts): fc.Arbitrary<RawCell> {
  if (type === "VARCHAR" && column.type !== "string") return fc.constantFrom(...ODD_TEXTS).map(asText);
  switch (column.type) {
    case "string":
      return badText(facts).map(asText);
    case "boolean":
      return fc.constant(NULL_CELL);
    case "timestamp":
    case "date":
      return fc.constantFrom(...edgeMoments(type));
    default:
      return edgeNumbers(type, facts);
  }
}

/** Text in every form that a reader could take for a number, a moment or a truth. */
const ODD_TEXTS = [
  "",
  " ",
  "0",
  "-0",
  "1",
  "12",
  "007",
  " 12",
  "12 ",
  "12\n",
  "\n12",
  "+5",
  "-5",
  "5.",
  ".5",
  "1.0",
  "1.50",
  "1.005",
  "17850.0",
  "1_000",
  "1,000",
  "1e5",
  "1E+2",
  "1e-2",
  "1e99",
  "1e100",
  "1e400",
  "0x10",
  "NaN",
  "nan",
  "inf",
  "Infinity",
  "-Infinity",
  "١٢",
  "１２",
  "9".repeat(30),
  "9".repeat(31),
  "9007199254740991",
  "9007199254740993",
  "99999999.99",
  "99999999.990000001",
  "100000000",
  "-0.01",
  "0.1000000000000000055511151231257827",
  `0.${"0".repeat(29)}1`,
  "true",
  "True",
  "tRue",
  "FALSE",
  "t",
  "yes",
  "null",
  "NULL",
  "2020-02-29",
  "2021-02-29",
  "2000-02-29",
  "1900-02-29",
  "2020-02-30",
  "2020-13-01",
  "2020-00-10",
  "2020-1-1",
  "2020-01-01T10:00:00",
  "2020-01-01 10:00:00",
  "2020-01-01t10:00:00",
  "2020-01-01  10:00:00",
  "2020-01-01T10:00",
  "2020-01-01T24:00:00",
  "2020-01-01T23:59:60",
  "2020-01-01T10:00:00Z",
  "2020-01-01T10:00:00z",
  "2020-01-01T10:00:00+00:00",
  "2020-01-01T10:00:00+01:00",
  "2020-01-01T10:00:00 UTC",
  "2020-01-01T10:00:00.",
  "2020-01-01T10:00:00.5",
  "2020-01-01T10:00:00.500000",
  "2020-01-01T10:00:00.1234567",
  "2020-01-01T10:00:00\n",
  "2020-06-31T10:00:00",
  "0000-01-01",
  "0001-01-01T00:00:00",
  "9999-12-31T23:59:59.999999",
  "10000-01-01",
  "-0001-01-01",
  "1969-12-31",
  "1970-01-01",
  "2099-12-31T23:59:59.999999",
  "2100-01-01T00:00:00",
  "infinity",
  "epoch",
  "today",
  "20200101",
  "01/02/2020",
  "2020-W01-1",
  "2020-001",
  "hello",
  "👍🏻",
  "1\u0000",
  "2020-01-01\u0000",
  "1\u2028",
];

function goodText(facts: Facts): fc.Arbitrary<string> {
  if (facts.enum !== undefined) return fc.constantFrom(...facts.enum);
  const max = facts.maxLength ?? 64;
  if (facts.pattern !== undefined) {
    return fc.stringMatching(new RegExp(facts.pattern)).filter((value) => value.length <= max);
  }
  return fc.string({ unit: "binary", minLength: facts.minLength ?? 0, maxLength: Math.min(max, 40) });
}

/** Near misses: one step over a length, a good value with something before or after it, another alphabet. */
function badText(facts: Facts): fc.Arbitrary<string> {
  const max = facts.maxLength ?? 64;
  const good = goodText(facts);
  return fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "\n",
      "\u0000",
      "\t",
      "\u2028",
      "٣٤٥",
      "ß",
      "İ",
      "'",
      '"',
      "\\",
      "%",
      "NULL",
      "👍🏻",
      "e\u0301",
    ),
    good.map((value) => `${value}\n`),
    good.map((value) => `${value}\r\n`),
    good.map((value) => `${value}\u2028`),
    good.map((value) => `\n${value}`),
    good.map((value) => `${value} `),
    good.map((value) => `${value}\u0000`),
    good.map((value) => value.toUpperCase()),
    good.map((value) => value.replace(/[0-9]/g, "٣")),
    fc
      .constantFrom("a", "7", "é", "👍", "\u{10FFFF}", "e\u0301")
      .chain((unit) =>
        fc.constantFrom(max - 1, max, max + 1).map((length) => unit.repeat(Math.max(0, length))),
      ),
    fc.constantFrom("a", "👍").map((unit) => unit.repeat(25_000)),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ unit: "grapheme", maxLength: 100 }),
  );
}

/** A number in the type's own terms: what does not fit a whole or decimal type is brought into its range first. */
function stored(value: number, type: string): RawCell {
  if (type === "VARCHAR") return asText(asNumber(value).text ?? "");
  if (/INT/.test(type)) return asWhole(fitWhole(value, type));
  const decimal = /^DECIMAL\(([0-9]+),([0-9]+)\)$/.exec(type);
  if (decimal !== null) return fitDecimal(value, Number(decimal[1]), Number(decimal[2]));
  return type === "FLOAT" ? asNumber(Math.fround(value)) : asNumber(value);
}

const BITS: Readonly<Record<string, bigint>> = { INTEGER: 31n, BIGINT: 63n, HUGEINT: 127n, UBIGINT: 64n };

function fitWhole(value: number, type: string): bigint {
  const bound = 2n ** (BITS[type] ?? 63n);
  const least = type.startsWith("U") ? 0n : -bound;
  const wanted = Number.isFinite(value) ? BigInt(Math.trunc(value)) : value > 0 ? bound : least;
  return wanted < least ? least : wanted >= bound ? bound - 1n : wanted;
}

function fitDecimal(value: number, precision: number, scale: number): RawCell {
  const bound = 10n ** BigInt(precision);
  const finite = Number.isFinite(value) ? value : 0;
  const scaled =
    Math.abs(finite) < 1e15
      ? BigInt(Math.round(finite * 10 ** Math.min(scale, 6))) * 10n ** BigInt(Math.max(0, scale - 6))
      : bound;
  const unscaled = scaled >= bound ? bound - 1n : scaled <= -bound ? 1n - bound : scaled;
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = `${unscaled < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
  return { raw: Number(text), text };
}

function edgeNumbers(type: string, facts: Facts): fc.Arbitrary<RawCell> {
  const { minimum: min = 0, maximum: max = 0 } = facts;
  const edges = [
    min,
    max,
    min - 1,
    max + 1,
    min - 0.01,
    max + 0.01,
    min + 0.5,
    min - Number.EPSILON,
    0,
    -0,
    0.5,
    1.005,
    0.1 + 0.2,
    35 * 0.01,
    1e-9,
    1e-300,
    5e-324,
    -5e-324,
    123456.789,
    99999999.99,
    99999999.99 + 2e-8,
    99999999.995,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 53),
    2 ** 63,
    1e13,
    1e13 + 0.001,
    1e15,
    1e21,
    1e300,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ];
  const any = fc.oneof(
    fc.constantFrom(...edges),
    fc.double(),
    fc.integer({ min: -1000, max: 1_000_000 }).map((cents) => cents / 100),
    fc.integer({ min: -1000, max: 1_000_000 }).map((mills) => mills / 1000),
    fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents * 0.01),
  );
  const numbers = any.filter((value) => type !== "FLOAT" || Number.isFinite(Math.fround(value)));
  if (!/INT/.test(type)) return numbers.map((value) => stored(value, type));
  const wholes = fc.oneof(
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
    fc.constantFrom(2n ** 53n + 1n, -(2n ** 53n) - 1n),
  );
  return fc.oneof(
    numbers.map((value) => stored(value, type)),
    wholes.map((value) => asWhole(clamp(value, type))),
  );
}

function clamp(value: bigint, type: string): bigint {
  const bound = 2n ** (BITS[type] ?? 63n);
  const least = type.startsWith("U") ? 0n : -bound;
  return value < least ? least : value >= bound ? bound - 1n : value;
}

/** Moments close to each other, so that rules which compare two of them meet equal ones and neighbours. */
function moments(column: Column, type: string): fc.Arbitrary<RawCell> {
  const day = fc.constantFrom("2020-02-28", "2020-02-29", "2020-03-01", "1999-12-31");
  if (column.type === "date" || type === "DATE") return day.map(asText);
  const time = fc.constantFrom("00:00:00", "23:59:59", "12:30:15");
  const fraction =
    type === "TIMESTAMP_S" ? fc.constant("") : fc.constantFrom("", ".5", ".500", ".001", ...micros(type));
  return fc
    .tuple(day, fc.constantFrom(" ", "T"), time, fraction, fc.constantFrom(...zones(type)))
    .map((parts) => asText(parts.join("")));
}

function micros(type: string): string[] {
  return type === "TIMESTAMP_MS" ? [] : [".500000", ".499999", ".999999"];
}

function zones(type: string): string[] {
  if (type === "VARCHAR") return ["", "", "Z", "+00:00"];
  return type === "TIMESTAMP WITH TIME ZONE" ? ["Z", "+00:00"] : [""];
}

function edgeMoments(type: string): RawCell[] {
  const zone = type === "TIMESTAMP WITH TIME ZONE" ? "+00" : "";
  const days = [
    "0001-01-01",
    "1582-10-10",
    "1900-01-01",
    "1969-12-31",
    "1970-01-01",
    "2099-12-31",
    "2100-01-01",
  ];
  const far = ["0001-01-01 (BC)", "0045-03-15 (BC)", "10000-01-01", "9999-12-31", "infinity", "-infinity"];
  // 64 bits of nanoseconds end in 2262 and start in 1677.
  if (type === "TIMESTAMP_NS") return days.slice(2).map((day) => asText(`${day} 00:00:00`));
  if (type === "DATE") return [...days, ...far, "5874897-12-31"].map(asText);
  const times =
    type === "TIMESTAMP" || zone !== "" ? ["00:00:00", "23:59:59.999999", "00:00:00.000001"] : ["00:00:00"];
  const near = [...days, "9999-12-31", "10000-01-01"].flatMap((day) =>
    times.map((time) => `${day} ${time}${zone}`),
  );
  return [
    ...near.map((text) => ({ raw: text.replace(/[+]00$/, "Z"), text })),
    ...["infinity", "-infinity"].map(asText),
  ];
}
