import { text } from "../quote.ts";
import { isNode, type Node } from "../restrictions.ts";
import { dateFormat, jodaFormat } from "./date-formats.ts";
import { aggregate, call, counted, list, literalText, numberOf, operand, textOf, whole } from "./nodes.ts";
import { re2, replacementOf } from "./patterns.ts";
import { fieldOf, jsonPath } from "./restrictions.ts";

/** What a node is rewritten with. */
export interface Rewriting {
  readonly now: Date;
  /** A call of an operation on these operands. */
  readonly operation: (kind: string, detail: string, ...args: unknown[]) => Node;
}

/** Nodes of one operand that are operations of their own name. */
const UNARY: Readonly<Record<string, string>> = {
  ceil: "ceil",
  exp: "exp",
  floor: "floor",
  json_array_length: "json_array_length",
  length: "length",
  ln: "ln",
  lower: "lower",
  sqrt: "sqrt",
  upper: "upper",
  cardinality: "cardinality",
  array_distinct: "array_distinct",
};

/** Nodes of a field of a time. */
const FIELDS = new Set([
  ...["year", "quarter", "month", "day", "day_of_month", "day_of_week", "day_of_year", "week_of_year"],
  ...["hour", "minute", "second"],
]);

/** Nodes of two operands, by where the parser keeps the second. */
const BINARY: Readonly<Record<string, string>> = {
  array_position: "array_position",
  contains: "contains",
  element_at: "element_at",
  starts_with: "starts_with",
};

/** What stands for a node on DuckDB; undefined for one that means the same there. */
export function rewritten(node: Node, rewriting: Rewriting): Node | undefined {
  const [kind = "", ...more] = Object.keys(node);
  const body = node[kind];
  if (more.length > 0 || !isNode(body)) return undefined;
  const { operation } = rewriting;
  const unary = Object.hasOwn(UNARY, kind) ? UNARY[kind] : undefined;
  if (unary !== undefined) return operation(unary, "", body.this);
  if (FIELDS.has(kind)) return operation("field", kind, body.this);
  const binary = Object.hasOwn(BINARY, kind) ? BINARY[kind] : undefined;
  if (binary !== undefined) return operation(binary, "", body.this, body.expression);
  switch (kind) {
    case "add":
    case "sub":
      return moved(kind, body, operation);
    case "div":
      return operation("/", "", body.left, body.right);
    case "mod":
      return operation("%", "", body.left, body.right);
    case "mod_func":
      return operation("%", "", body.this, body.expression);
    case "log":
      return operation("/", "", operation("ln", "", body.this), operation("ln", "", body.base));
    case "concat":
      return operation("concat", "", body.left, body.right);
    case "substring":
      return operation("substr", "", body.this, body.start, ...(body.length ? [body.length] : []));
    case "str_position":
      return operation("strpos", "", body.this, body.substr);
    case "trim":
      return trimmed(body, operation);
    case "extract":
      return operation("field", fieldOf(body.field), body.this);
    case "subscript":
      return operation("subscript", "", body.this, body.index);
    case "json_extract_scalar":
      return operation("json_extract_scalar", text(jsonPath(body.path) ?? ""), body.this);
    case "cast":
    case "try_cast":
      return operation("cast", `${kind.toUpperCase()} ${typeOf(Object(body.to))}`, body.this);
    case "window_function":
      return ofWindow(body, operation);
    case "avg":
      return operation("avg", "", ...partsOfMean(body));
    case "count_if":
      return counted(ifTrue(body.this), body);
    case "approx_distinct":
      return counted(body.this, { ...body, distinct: true });
    case "any_value":
      return aggregate("min", [body.this], body);
    case "logical_and":
    case "logical_or":
      // The transpiler would lose its FILTER.
      return aggregate(kind === "logical_and" ? "min" : "max", [body.this], body);
    case "list_agg":
      return body.separator ? undefined : { list_agg: { ...body, separator: literalText("") } };
    case "aggregate_function":
      return ofAggregate(body, operation);
    case "function":
      return ofFunction(body, rewriting);
    default:
      return undefined;
  }
}

type Operate = Rewriting["operation"];

function ofFunction(body: Node, { now, operation }: Rewriting): Node | undefined {
  const name = String(body.name).toLowerCase();
  const args = list(body.args);
  const [first, second, third] = args;
  const instant = now.toISOString().replace("T", " ").replace("Z", "");
  switch (name) {
    case "current_date":
      return { literal: { literal_type: "date", value: instant.slice(0, 10) } };
    case "localtimestamp":
      return { literal: { literal_type: "timestamp", value: instant } };
    case "current_timestamp":
    case "now":
      return operation("instant", "", literalText(`${instant}+00`));
    case "nan":
    case "infinity":
      return operation("cast", "CAST DOUBLE", literalText(name === "nan" ? "NaN" : "Infinity"));
    case "e":
      return call("exp", [whole(1)]);
    case "date":
      return operation("cast", "CAST DATE", first);
    case "date_add":
      return operation("date_add", unitOf(first), third, second);
    case "date_diff":
      return operation("date_diff", unitOf(first), second, third);
    case "date_trunc":
      return operation("date_trunc", unitOf(first), second);
    case "date_format":
    case "date_parse":
      return operation(name, dateFormat(textOf(second) ?? "") ?? "", first);
    case "format_datetime":
      return operation("date_format", jodaFormat(textOf(second) ?? "") ?? "", first);
    case "dow":
    case "doy":
    case "week":
    case "year_of_week":
    case "yow":
    case "millisecond":
      return operation("field", name, first);
    case "round":
    case "truncate":
      return operation(name, numberOf(operand(second), /^[0-9]$/) ?? "", first);
    case "pow":
      return operation("power", "", first, second);
    case "mod":
      return operation("%", "", first, second);
    case "replace":
      return operation("replace", "", first, second, third ?? literalText(""));
    case "approx_distinct":
      return counted(first, { ...body, distinct: true });
    case "sequence":
      return sequence(args, operation);
    case "regexp_like":
    case "regexp_count":
    case "regexp_extract_all":
      return operation(name, text(re2(textOf(second) ?? "")), first);
    case "regexp_extract":
      return operation(
        name,
        `${numberOf(third, /^[0-9]$/) ?? "0"} ${text(re2(textOf(second) ?? ""))}`,
        first,
      );
    case "regexp_replace": {
      const replacement = replacementOf(third === undefined ? "" : (textOf(third) ?? "")) ?? "";
      return operation(name, `${text(re2(textOf(second) ?? ""))}, ${text(replacement)}`, first);
    }
    default:
      return OWN.has(name) ? operation(name, "", ...args) : undefined;
  }
}

/** Functions that are operations of their own name, on all their operands. */
const OWN = new Set([
  ...["array_join", "array_max", "array_min", "array_sort", "slice"],
  ...["bitwise_and", "bitwise_or", "bitwise_xor", "greatest", "least", "log10", "log2", "power", "sign"],
  ...["is_finite", "is_infinite", "is_nan", "width_bucket"],
  ...[
    "chr",
    "codepoint",
    "concat",
    "concat_ws",
    "lpad",
    "ltrim",
    "reverse",
    "rpad",
    "rtrim",
    "split",
    "split_part",
  ],
  ...["md5", "sha256", "to_hex", "to_utf8", "translate"],
  ...["from_iso8601_date", "from_iso8601_timestamp", "from_unixtime", "last_day_of_month", "to_iso8601"],
  ...["to_unixtime"],
]);

/** Aggregates that have no finite answer where Trino's have none at all. */
const FINITE = /^(corr|covar_pop|covar_samp|regr_slope|regr_intercept)$/;

function ofAggregate(body: Node, operation: Operate): Node | undefined {
  const name = String(body.name).toLowerCase();
  const args = list(body.args);
  if (FINITE.test(name)) return operation("finite", "", { aggregate_function: { ...body } });
  if (name === "approx_percentile") return aggregate("quantile_disc", args, body);
  return name === "arbitrary" ? aggregate("min", args, body) : undefined;
}

function ofWindow(window: Node, operation: Operate): Node | undefined {
  const { avg, aggregate_function } = Object(window.this);
  if (isNode(avg)) return operation("avg", "", ...partsOfMean(avg).map((part) => over(part, window)));
  if (!isNode(aggregate_function)) return undefined;
  const written = ofAggregate(aggregate_function, (_, __, of) => ({ finite: over(Object(of), window) }));
  if (written === undefined) return undefined;
  return written.finite === undefined ? over(written, window) : operation("finite", "", written.finite);
}

function over(part: Node, window: Node): Node {
  return { window_function: { ...structuredClone(window), this: part } };
}

/** Sum and count of what a mean is of, and something of its type. */
function partsOfMean(avg: Node): Node[] {
  const { this: of, distinct = false, filter = null } = avg;
  const part = (name: string) => ({
    [name]: { this: structuredClone(of), distinct, filter: structuredClone(filter), order_by: [], name },
  });
  return [part("sum"), counted(structuredClone(of), structuredClone(avg)), part("min")];
}

/** A sum or difference; of a time and an interval, the time that is so much later. */
function moved(kind: "add" | "sub", { left, right }: Node, operation: Operate): Node {
  const reversed = isNode(Object(left).interval) && kind === "add";
  const [time, interval] = reversed ? [right, Object(left).interval] : [left, Object(right).interval];
  if (!isNode(interval)) return operation(kind === "add" ? "+" : "-", "", left, right);
  const { count, unit } = intervalOf(interval);
  return operation("date_add", unit, time, whole(kind === "sub" ? -count : count));
}

function intervalOf(interval: Node): { count: number; unit: string } {
  return { count: Number(textOf(interval.this)), unit: String(Object(interval.unit).unit).toLowerCase() };
}

function sequence([from, to, step]: readonly unknown[], operation: Operate): Node {
  const { interval } = Object(step);
  if (!isNode(interval)) return operation("sequence", "", from, to, ...(step === undefined ? [] : [step]));
  const { count, unit } = intervalOf(interval);
  const days = unit === "day" ? 1 : unit === "week" ? 7 : 0;
  const months = unit === "month" ? 1 : 12;
  if (days > 0) return operation("sequence", "day", from, to, whole(count * days));
  return operation(
    "sequence",
    unit === "month" || unit === "year" ? "month" : unit,
    from,
    to,
    whole(count * months),
  );
}

function trimmed(body: Node, operation: Operate): Node {
  const name = { Leading: "ltrim", Trailing: "rtrim" }[String(body.position)] ?? "trim";
  return body.characters
    ? operation(`${name}_of`, "", body.this, body.characters)
    : operation(name, "", body.this);
}

function ifTrue(condition: unknown): Node {
  return { if_func: { condition, true_value: whole(1), false_value: null, original_name: "IF" } };
}

function unitOf(literal: unknown): string {
  return (textOf(literal) ?? "").toLowerCase();
}

/** A type of CAST, as DuckDB writes it. */
function typeOf({ data_type, length, precision, scale }: Node): string {
  if (data_type === "var_char") return typeof length === "number" ? `VARCHAR(${length})` : "VARCHAR";
  if (data_type === "decimal")
    return typeof precision === "number"
      ? `DECIMAL(${precision},${typeof scale === "number" ? scale : 0})`
      : "DECIMAL(38,0)";
  const names: Readonly<Record<string, string>> = {
    big_int: "BIGINT",
    int: "INTEGER",
    small_int: "SMALLINT",
    tiny_int: "TINYINT",
  };
  return names[String(data_type)] ?? String(data_type).toUpperCase();
}
