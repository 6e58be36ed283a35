/**
 * The subset of SQL that Penstock's queries keep to: constructs that mean the same on Trino (Athena), DuckDB and Spark.
 * The names are those of the parsed query. Everything that is not listed is refused, so that a new construct comes in
 * with its edge-value test (`test/runtime/subset-cases.ts`) and never by accident.
 */

/** Expressions and clauses. What each must look like beyond its name is in `restrictions.ts`. */
export const CONSTRUCTS: ReadonlySet<string> = new Set([
  // Queries
  "select",
  "with",
  "from",
  "table",
  "subquery",
  "joins",
  "on",
  "where_clause",
  "group_by",
  "having",
  "union",
  // Values
  "column",
  "star",
  "alias",
  "literal",
  "boolean",
  "null",
  "paren",
  // Conditions
  "and",
  "or",
  "not",
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "between",
  "in",
  "is_null",
  "null_safe_eq",
  "null_safe_neq",
  "case",
  "coalesce",
  // Numbers and text
  "add",
  "sub",
  "mul",
  "div",
  "neg",
  "abs",
  // Spark answers an integer: the same below 2^63 only. Guard it where a double may be larger.
  "floor",
  "sqrt",
  "concat",
  // What hidden_cards reads and answers.
  "array_func",
  "extract",
  "year",
  "quarter",
  "month",
  "day",
  "hour",
  "day_of_week",
  "like",
  "lower",
  "subscript",
  "length",
  "substring",
  "cast",
  "try_cast",
  "function",
  // Aggregates and windows
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "filter",
  "window_function",
  "frame",
  "row_number",
  "rank",
  "dense_rank",
  "lag",
  "lead",
  "first_value",
]);

/** Functions that the parser knows by name only. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  "date",
  // Whole days or seconds; on DuckDB a macro of the prelude, since its own counts the midnights between.
  "date_diff",
  "date_trunc",
  "nullif",
  "regexp_like",
  "replace",
  "round",
  "split",
]);

/**
 * What means the same on Trino and DuckDB but not on Spark, and is for queries of analysts only: Spark rounds a double by
 * its decimal text, folds letters by the rules of whole words (a final sigma), and is given the wrong number of a day by
 * the transpiler.
 */
export const NOT_ON_SPARK: ReadonlySet<string> = new Set(["day_of_week", "lower", "round"]);

/** Functions of the prelude: DuckDB has them as macros, the Spark script as functions, Athena not at all. */
export const PRELUDE_FUNCTIONS: ReadonlySet<string> = new Set([
  "hidden_cards",
  "mask_email",
  "mask_pan",
  "mask_phone",
  "mask_ssn",
]);

/** Types of CAST and TRY_CAST, as the parser names them. */
export const TYPES: ReadonlySet<string> = new Set([
  "boolean",
  "big_int",
  "date",
  "decimal",
  "double",
  "timestamp",
  "var_char",
]);

/** Parts of constructs: names under which the parser keeps operands and clauses. */
export const PARTS: ReadonlySet<string> = new Set([
  "Preceding",
  "args",
  "body",
  "ctes",
  "else_",
  "end",
  "expressions",
  "high",
  "index",
  "left",
  "low",
  "name",
  "operand",
  "order_by",
  "over",
  "partition_by",
  "right",
  "start",
  "this",
  "to",
  "whens",
]);

/** Switches that may be on. */
export const FLAGS: ReadonlySet<string> = new Set([
  "alias_explicit_as",
  "alias_first",
  "all",
  "desc",
  "distinct",
  "explicit_asc",
  "not",
  "nulls_first",
  "quoted",
  "star",
  "use_inner_keyword",
  "value",
]);

/** What takes a word of a closed set. */
export const WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  field: new Set(["Year", "Quarter", "Month", "Day"]),
  kind: new Set(["Inner", "Left", "Cross", "Rows"]),
  literal_type: new Set(["number", "string", "date", "timestamp"]),
  // Of the frame of a window.
  start: new Set(["UnboundedPreceding"]),
  end: new Set(["CurrentRow"]),
};

/** What takes a name or text of the author's, or repeats the construct's own name. */
export const TEXTS: ReadonlySet<string> = new Set([
  "alias_keyword",
  "data_type",
  "end_side_text",
  "kind_text",
  "name",
  "original_name",
  "start_side_text",
  "value",
]);
