import fc from "fast-check";
import type { Facts } from "./facts.ts";
import { asText, type RawCell } from "./raw-cell.ts";

/** Numbers where doubles, decimals and integers end, tear or round. */
const EDGES = [
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
] as const;

/** A number in the type's own terms: what a whole or decimal type cannot hold is brought into its range. */
export function stored(value: number, type: string): RawCell {
  const decimal = decimalShape(type);
  if (decimal !== null) return asDecimal(within(decimal.bound, scaled(value, decimal)), decimal.scale);
  if (/INT/.test(type)) return asWhole(wholeOf(value), type);
  if (type === "VARCHAR") return asText(numberText(value));
  const held = type === "FLOAT" ? Math.fround(value) : value;
  return { raw: held, text: numberText(held) };
}

/** The worst numbers for a column stored as `type`, around its own limits among them. */
export function edgeNumbers(
  type: string,
  { minimum: min = 0, maximum: max = 0 }: Facts,
): fc.Arbitrary<RawCell> {
  const limits = [min, max, min - 1, max + 1, min - 0.01, max + 0.01, min + 0.5, min - Number.EPSILON];
  const numbers = fc
    .oneof(
      fc.constantFrom(...limits, ...EDGES),
      fc.double(),
      fc.integer({ min: -1000, max: 1_000_000 }).map((cents) => cents / 100),
      fc.integer({ min: -1000, max: 1_000_000 }).map((mills) => mills / 1000),
      fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents * 0.01),
    )
    .map((value) => stored(value, type));
  const decimal = decimalShape(type);
  if (decimal !== null) {
    const { bound, scale } = decimal;
    // Around a limit, where the digits that a double drops could decide.
    const near = fc
      .tuple(fc.constantFrom(min, max), fc.integer({ min: -3, max: 3 }))
      .map(([limit, by]) => BigInt(Math.trunc(limit)) * 10n ** BigInt(scale) + BigInt(by));
    const exact = fc.oneof(fc.bigInt({ min: -bound, max: bound }), near);
    return fc.oneof(
      numbers,
      exact.map((unscaled) => asDecimal(within(bound, unscaled), scale)),
    );
  }
  if (!/INT/.test(type)) return numbers;
  const wholes = fc.oneof(
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
    fc.constantFrom(2n ** 53n + 1n, -(2n ** 53n) - 1n),
  );
  return fc.oneof(
    numbers,
    wholes.map((value) => asWhole(value, type)),
  );
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** What the type holds at most, in absolute value. */
const WHOLE_BOUNDS: Readonly<Record<string, bigint>> = {
  INTEGER: 2n ** 31n - 1n,
  BIGINT: 2n ** 63n - 1n,
  HUGEINT: 2n ** 127n - 1n,
  UBIGINT: 2n ** 64n - 1n,
};

function asWhole(value: bigint, type: string): RawCell {
  const held = within(WHOLE_BOUNDS[type] ?? 0n, value);
  const whole = type.startsWith("U") && held < 0n ? 0n : held;
  return { raw: whole, text: String(whole) };
}

function wholeOf(value: number): bigint {
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  return value > 0 ? 2n ** 127n : 0n;
}

function within(bound: bigint, value: bigint): bigint {
  return value > bound ? bound : value < -bound ? -bound : value;
}

interface DecimalShape {
  readonly bound: bigint;
  readonly scale: number;
}

function decimalShape(type: string): DecimalShape | null {
  const [, precision, scale] = /^DECIMAL\(([0-9]+),([0-9]+)\)$/.exec(type) ?? [];
  return precision === undefined ? null : { bound: 10n ** BigInt(precision) - 1n, scale: Number(scale) };
}

function scaled(value: number, { bound, scale }: DecimalShape): bigint {
  if (!Number.isFinite(value)) return 0n;
  if (Math.abs(value) >= 1e15) return value > 0 ? bound : -bound;
  const places = Math.min(scale, 6);
  return BigInt(Math.round(value * 10 ** places)) * 10n ** BigInt(scale - places);
}

/** The number that a reader makes of a decimal is the double nearest to it. */
function asDecimal(unscaled: bigint, scale: number): RawCell {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = `${unscaled < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
  return { raw: Number(text), text };
}
