import type { Body } from "./bodies.ts";
import {
  A,
  B,
  C,
  decimalOf,
  failing,
  isFloating,
  isInteger,
  isNumber,
  isTime,
  notApplicable,
  operandName,
  unexpected,
} from "./types.ts";

/** Trino fails for a zero where DuckDB answers NULL. */
function dividing(otherwise: string, type: string): string {
  return `CASE WHEN ${A} IS NOT NULL AND ${B} = 0 THEN ${failing("DIVISION_BY_ZERO", type)} ELSE ${otherwise} END`;
}

function widest(...types: string[]): string {
  return types.some((type) => type === "BIGINT" || type === "HUGEINT") ? "BIGINT" : "INTEGER";
}

const div: Body = ([left = "", right = ""]) => {
  if (isInteger(left) && isInteger(right)) {
    const type = widest(left, right);
    return dividing(`CAST(CAST(${A} AS ${type}) // CAST(${B} AS ${type}) AS ${type})`, type);
  }
  const [a, b] = [decimalOf(left), decimalOf(right)];
  if (a !== undefined && b !== undefined) {
    const scale = Math.max(a.scale, b.scale);
    const precision = Math.min(38, a.precision + b.scale + Math.max(b.scale - a.scale, 0));
    return dividing(rounded(a.scale, b.scale, scale, precision), `DECIMAL(${precision}, ${scale})`);
  }
  if (isNumber(left) && isNumber(right)) return `CAST(${A} AS DOUBLE) / CAST(${B} AS DOUBLE)`;
  return notApplicable(left, "/", right);
};

/** One of the last of so many digits. */
function lastDigit(scale: number): string {
  return `CAST('0.${"0".repeat(scale - 1)}1' AS DECIMAL(${scale}, ${scale}))`;
}

/** A / B to so many digits, halves away from zero, exactly: on integers of so many units of the last digit. */
function rounded(left: number, right: number, scale: number, precision: number): string {
  const units = (value: string, digits: number, shift: number) =>
    `(CAST(CAST(${value} AS DECIMAL(38, ${digits})) * CAST('1e${digits}' AS DECIMAL(38, 0)) AS HUGEINT) * CAST('1e${shift}' AS HUGEINT))`;
  const [a, b] = [units(A, left, scale - left + right), units(B, right, 0)];
  const magnitude = `((2 * abs(${a}) + abs(${b})) // (2 * abs(${b})))`;
  const signed = `(${magnitude} * CAST(sign(${A}) * sign(${B}) AS HUGEINT))`;
  const digit = scale === 0 ? "CAST(1 AS DECIMAL(1, 0))" : lastDigit(scale);
  return `CAST(CAST(${signed} AS DECIMAL(38, 0)) * ${digit} AS DECIMAL(${precision}, ${scale}))`;
}

const mod: Body = ([left = "", right = ""]) => {
  if (isInteger(left) && isInteger(right)) {
    const type = widest(left, right);
    return dividing(`CAST(${A} % ${B} AS ${type})`, type);
  }
  const [a, b] = [decimalOf(left), decimalOf(right)];
  if (a !== undefined && b !== undefined) {
    const scale = Math.max(a.scale, b.scale);
    const precision = Math.min(b.precision - b.scale, a.precision - a.scale) + scale;
    const type = `DECIMAL(${Math.max(precision, 1)}, ${scale})`;
    return dividing(`CAST(${A} % ${B} AS ${type})`, type);
  }
  if (isNumber(left) && isNumber(right)) return `CAST(${A} AS DOUBLE) % CAST(${B} AS DOUBLE)`;
  return notApplicable(left, "%", right);
};

/** Sums and differences of numbers; of times and intervals they are `date_add`. */
const plain =
  (sign: string): Body =>
  ([left = "", right = ""]) => {
    if (isNumber(left) && isNumber(right)) return `${A} ${sign} ${B}`;
    return notApplicable(left, sign, right);
  };

/** Of a sum and a count; of what they are tells the third operand. */
const avg: Body = ([, , type = ""]) => {
  if (isInteger(type) || isFloating(type)) return `CAST(${A} AS DOUBLE) / nullif(${B}, 0)`;
  const decimal = decimalOf(type);
  if (decimal === undefined) return unexpected("avg", [type]);
  return `CASE WHEN ${B} > 0 THEN ${rounded(decimal.scale, 0, decimal.scale, decimal.precision)} END`;
};

const round: Body = ([type = ""], digits) => {
  const decimal = decimalOf(type);
  if (isInteger(type)) return A;
  if (isFloating(type)) return `round(${A}, ${digits || 0})`;
  if (decimal === undefined) return unexpected("round", [type]);
  const { precision, scale } = decimal;
  if (digits === "")
    return `CAST(round(${A}, 0) AS DECIMAL(${Math.min(38, precision - scale + Math.min(1, scale))}, 0))`;
  return `CAST(round(${A}, ${digits}) AS DECIMAL(${Math.min(38, precision + 1)}, ${scale}))`;
};

const truncate: Body = ([type = ""], digits) => {
  const decimal = decimalOf(type);
  if (isInteger(type)) return A;
  if (isFloating(type) && digits === "") return `trunc(${A})`;
  if (decimal === undefined) return unexpected("truncate", digits === "" ? [type] : [type, "INTEGER"]);
  const { precision, scale } = decimal;
  if (digits === "") return `CAST(trunc(${A}) AS DECIMAL(${Math.max(1, precision - scale)}, 0))`;
  if (Number(digits) >= scale) return A;
  const places = Number(digits);
  const units = `CAST(trunc(${A} * CAST('1e${places}' AS DECIMAL(38, 0))) AS DECIMAL(38, 0))`;
  return `CAST(${units} * ${places === 0 ? "1" : lastDigit(places)} AS DECIMAL(${precision}, ${scale}))`;
};

const toWhole =
  (name: "floor" | "ceil"): Body =>
  ([type = ""]) => {
    if (isInteger(type)) return A;
    if (isFloating(type)) return `${name}(${A})`;
    const decimal = decimalOf(type);
    if (decimal === undefined) return unexpected(name === "ceil" ? "ceiling" : name, [type]);
    const { precision, scale } = decimal;
    return `CAST(${name}(${A}) AS DECIMAL(${Math.min(38, precision - scale + Math.min(1, scale))}, 0))`;
  };

const sign: Body = ([type = ""]) => {
  if (isInteger(type)) return `CAST(sign(${A}) AS ${widest(type)})`;
  if (isFloating(type)) return `CAST(sign(${A}) AS DOUBLE)`;
  return decimalOf(type) === undefined ? unexpected("sign", [type]) : `CAST(sign(${A}) AS DECIMAL(1, 0))`;
};

/** Functions of doubles; the condition under which DuckDB fails, and what Trino answers there. */
const ofDouble =
  (name: string, written: string, edges = ""): Body =>
  (types) => {
    if (!types.every(isNumber)) return unexpected(name, types);
    const value = (operand: string) => `CAST(${operand} AS DOUBLE)`;
    const body = written.replaceAll("$a", value(A)).replaceAll("$b", value(B));
    return edges === "" ? body : `CASE ${edges.replaceAll("$a", value(A))} ELSE ${body} END`;
  };

const LOG = "WHEN $a = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN $a < 0 THEN CAST('NaN' AS DOUBLE)";

/** greatest and least are NULL when any of their operands is. */
const extreme =
  (name: "greatest" | "least"): Body =>
  (types) => {
    const families = new Set(types.filter((type) => type !== '"NULL"').map(familyOf));
    if (families.size > 1) return unexpected(name, types);
    const operands = types.map((_, at) => operandName(at));
    return `CASE WHEN ${operands.map((each) => `${each} IS NOT NULL`).join(" AND ")} THEN ${name}(${operands.join(", ")}) END`;
  };

function familyOf(type: string): string {
  if (isNumber(type)) return "number";
  if (isTime(type)) return "time";
  return type === "STRING_LITERAL" ? "VARCHAR" : type;
}

const bits =
  (name: string, written: string): Body =>
  (types) =>
    types.every(isInteger) ? `CAST(${written} AS BIGINT)` : unexpected(name, types);

/** The bucket of a number among so many between two bounds: 0 below them, one more above. */
const widthBucket: Body = (types) => {
  if (!types.every(isNumber) || !isInteger(types[3] ?? "")) return unexpected("width_bucket", types);
  const [x, low, high] = [A, B, C].map((each) => `CAST(${each} AS DOUBLE)`);
  const count = operandName(3);
  // Bounds that fall are Trino's too; they fail here.
  const wrong = `${count} <= 0 OR ${low} >= ${high}`;
  const inner = `CAST(floor(${count} * (${x} - ${low}) / (${high} - ${low})) AS BIGINT) + 1`;
  return `CASE WHEN ${wrong} THEN ${failing("INVALID_FUNCTION_ARGUMENT", "BIGINT")} WHEN ${x} < ${low} THEN 0 WHEN ${x} >= ${high} THEN ${count} + 1 ELSE ${inner} END`;
};

/** What Trino answers by NULL where DuckDB's aggregate is no number. */
const finite: Body = () => `CASE WHEN isfinite(${A}) THEN ${A} END`;

/** Operations on numbers. */
export const numbers: Readonly<Record<string, Body>> = {
  "+": plain("+"),
  "-": plain("-"),
  "/": div,
  "%": mod,
  avg,
  round,
  truncate,
  floor: toWhole("floor"),
  ceil: toWhole("ceil"),
  sign,
  sqrt: ofDouble("sqrt", "sqrt($a)", "WHEN $a < 0 THEN CAST('NaN' AS DOUBLE)"),
  exp: ofDouble("exp", "exp($a)"),
  ln: ofDouble("ln", "ln($a)", LOG),
  log2: ofDouble("log2", "log2($a)", LOG),
  log10: ofDouble("log10", "log10($a)", LOG),
  power: ofDouble("power", "power($a, $b)"),
  is_nan: ofDouble("is_nan", "isnan($a)"),
  is_finite: ofDouble("is_finite", "isfinite($a)"),
  is_infinite: ofDouble("is_infinite", "isinf($a)"),
  bitwise_and: bits("bitwise_and", `${A} & ${B}`),
  bitwise_or: bits("bitwise_or", `${A} | ${B}`),
  bitwise_xor: bits("bitwise_xor", `xor(${A}, ${B})`),
  greatest: extreme("greatest"),
  least: extreme("least"),
  width_bucket: widthBucket,
  finite,
};
