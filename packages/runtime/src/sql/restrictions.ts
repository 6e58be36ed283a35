import { FUNCTIONS, PRELUDE_FUNCTIONS, TYPES } from "./subset.ts";

/** A node of the parsed query: whatever the parser gives, looked at with care. */
export type Node = Readonly<Record<string, unknown>>;

/** What a construct is checked with: its node, and the node that it is an operand of. */
export type Restriction = (node: Node, parent: Node | undefined) => string | undefined;

/** What a construct must look like to mean the same on every engine: the problem, or undefined. */
export const restrictions: Readonly<Record<string, Restriction>> = {
  select: ({ order_by }) =>
    order_by ? "ORDER BY of a query; order an output by its `orderBy`, a window inside OVER" : undefined,

  // DECIMAL to one engine, DOUBLE to another.
  literal({ literal_type, value }) {
    const text = String(value);
    if (
      literal_type === "number" &&
      !/^[0-9]+$/.test(text) &&
      !/^[0-9]+(\.[0-9]+)?E[+-]?[0-9]+$/i.test(text)
    ) {
      return `the number ${text}; write 1.5E0 for a double, CAST('1.5' AS DECIMAL(2, 1)) for a decimal`;
    }
    if (literal_type === "date" && !/^\d{4}-\d\d-\d\d$/.test(text)) return `the date '${text}'`;
    if (literal_type === "timestamp" && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/.test(text)) {
      return `the timestamp '${text}'; write it as YYYY-MM-DD HH:MM:SS with up to 6 digits of a second`;
    }
    return undefined;
  },

  // 1 / 2 is 0 on Trino and 0.5 elsewhere; a division by zero fails, or is NULL, or infinite.
  div({ right }) {
    const divisor = operand(right);
    if (Number(numberLiteral(divisor, /E/i)) > 0) return undefined;
    const [, zero] = call(divisor, "nullif") ?? [];
    if (zero !== undefined && Number(numberLiteral(operand(zero), /E/i)) === 0) return undefined;
    return "a division by something else than a double like 100E0 or NULLIF(…, 0E0)";
  },

  substring({ start, length }) {
    if (Number(numberLiteral(operand(start), /^[0-9]+$/)) < 1)
      return "substr from something else than 1, 2, …";
    if (numberLiteral(operand(start), /^[0-9]+$/) === undefined)
      return "substr from a position that is computed";
    if (length && numberLiteral(operand(length), /^[0-9]+$/) === undefined)
      return "substr of a computed length";
    return undefined;
  },

  // Spark counts from 0, which the transpiler knows of numbers only, and answers NULL or fails behind the end.
  subscript({ index }) {
    return Number(numberLiteral(operand(index), /^[0-9]+$/)) >= 1
      ? undefined
      : "an element by something else than 1, 2, …";
  },

  // A mean of decimals is a decimal of as many digits on Trino, of more on Spark, and a double on DuckDB.
  avg: (node) => (isCastTo(node.this, "double") ? undefined : "avg of something else than CAST(… AS DOUBLE)"),

  // Of a negative number it is an error, or not a number.
  sqrt: (node) =>
    isNode(operand(node.this)) && Object.keys(Object(operand(node.this))).join() === "abs"
      ? undefined
      : "sqrt of something else than abs(…)",

  // Rows that are equal by the window's order have no places of their own: order it totally.
  window_function({ this: of, over }) {
    const framed = isNode(over) && isNode(over.frame);
    const called = Object.keys(Object(of)).join();
    return framed && !FRAMED.has(called) ? `a frame of ${called}` : undefined;
  },

  frame({ start, end }) {
    if (start !== "UnboundedPreceding") return "a frame that starts elsewhere than at UNBOUNDED PRECEDING";
    const before = isNode(end) ? numberLiteral(end.Preceding, /^1$/) : "to the row itself";
    return before === undefined
      ? "a frame that ends elsewhere than at 1 PRECEDING or CURRENT ROW"
      : undefined;
  },

  // A backslash escapes on Spark only.
  like({ right, escape: sign }) {
    const pattern = stringLiteral(operand(right));
    if (pattern === undefined) return "LIKE with a pattern that is computed";
    return sign || pattern.includes("\\") ? "LIKE with an escape or a backslash" : undefined;
  },

  function({ name, args }, parent) {
    const called = String(name).toLowerCase();
    if (PRELUDE_FUNCTIONS.has(called)) return undefined;
    if (!FUNCTIONS.has(called)) return `the function ${called}`;
    const [first, second, third] = Array.isArray(args) ? args : [];
    if (called === "date") return undefined;
    if (called === "date_diff") {
      const unit = stringLiteral(first);
      return (unit === "day" || unit === "second") && third
        ? undefined
        : "date_diff of something else than 'day' or 'second'";
    }
    if (called === "date_trunc") return truncationProblem(stringLiteral(first), parent);
    if (called === "round") {
      return second === undefined || numberLiteral(second, /^[0-9]$/) !== undefined
        ? undefined
        : "round to something else than 0 to 9 digits";
    }
    const word = stringLiteral(operand(second));
    if (called === "regexp_like") {
      return word === undefined ? "regexp_like with a pattern that is computed" : regexProblem(word);
    }
    if (called !== "nullif" && !word) return `${called} with an empty or computed second argument`;
    return undefined;
  },

  cast: ({ to }) => typeProblem(to),
  try_cast: ({ to }) => typeProblem(to),
};

/** The start of a period is a DATE or a TIMESTAMP, as what it is of, to Trino only: a cast settles it. */
function truncationProblem(unit: string | undefined, parent: Node | undefined): string | undefined {
  if (unit === undefined || !PERIODS.has(unit))
    return `date_trunc to something else than ${[...PERIODS].join(", ")}`;
  return isCastTo({ cast: parent }, "date") ? undefined : "date_trunc without CAST(… AS DATE) around it";
}

/** What is summed over a frame is the same whatever the order of its rows: no doubles' means. */
const FRAMED: ReadonlySet<string> = new Set(["count", "max", "min", "sum"]);

const PERIODS: ReadonlySet<string> = new Set(["day", "week", "month", "quarter", "year"]);

function isCastTo(value: unknown, type: string): boolean {
  const cast = isNode(value) ? value.cast : undefined;
  return isNode(cast) && isNode(cast.to) && cast.to.data_type === type;
}

/** Patterns that RE2, Java and Joni read alike. JavaScript too, but for `\z`, which there is `$`. */
function regexProblem(pattern: string): string | undefined {
  const outside = pattern.replaceAll(/\\[^A-Za-z0-9]/g, "_").replaceAll(/\[\^?\]?[^\]]*\]/g, "[]");
  const problems: readonly (readonly [RegExp, string])[] = [
    [/\\(?!z)/, "a letter escape other than \\z (write classes out: [0-9])"],
    [/\$/, "$, which matches before a closing newline on Java; write \\z"],
    [/\./, "a bare dot, which stops at different line ends; write a class"],
    [/\(\?(?!:)/, "a group other than (?:…)"],
    [/[*+?}][+]/, "a possessive quantifier"],
  ];
  const found = problems.find(([sign]) => sign.test(outside));
  if (found !== undefined) return `a pattern with ${found[1]}`;
  return /\[[^\]]*(&&|\[:|\\[A-Za-z0-9])/.test(pattern)
    ? "a pattern with a class that engines read differently"
    : undefined;
}

function typeProblem(to: unknown): string | undefined {
  if (!isNode(to)) return "a cast to no type";
  const { data_type, precision, scale, length } = to;
  if (!TYPES.has(String(data_type))) return `a cast to ${String(data_type)}`;
  if (data_type === "decimal" && (typeof precision !== "number" || typeof scale !== "number")) {
    return "DECIMAL without precision and scale";
  }
  if (data_type === "timestamp" && typeof precision === "number") return "TIMESTAMP with a precision";
  if (data_type === "var_char" && typeof length === "number") return "VARCHAR with a length";
  return undefined;
}

/** True for an object of the parser's. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An operand without its parentheses. */
function operand(value: unknown): unknown {
  return isNode(value) && isNode(value.paren) ? operand(value.paren.this) : value;
}

function numberLiteral(value: unknown, form: RegExp): string | undefined {
  if (!isNode(value) || !isNode(value.literal) || value.literal.literal_type !== "number") return undefined;
  const text = String(value.literal.value);
  return form.test(text) ? text : undefined;
}

function stringLiteral(value: unknown): string | undefined {
  if (!isNode(value) || !isNode(value.literal) || value.literal.literal_type !== "string") return undefined;
  return String(value.literal.value);
}

function call(value: unknown, name: string): readonly unknown[] | undefined {
  if (!isNode(value) || !isNode(value.function)) return undefined;
  const { name: called, args } = value.function;
  return String(called).toLowerCase() === name && Array.isArray(args) ? args : undefined;
}
