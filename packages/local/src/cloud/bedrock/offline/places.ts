import type { Condition } from "./conditions.ts";
import { type Dimension, dimensionOf } from "./dimensions.ts";
import type { Filter } from "./filters.ts";
import type { Formula, Measure } from "./measures.ts";
import { isOfMonths, type Times } from "./periods.ts";
import type { PromptSchema } from "./prompt-schema.ts";
import { NotUnderstood } from "./question.ts";

/** What a query has to find in the tables that it reads. */
export interface Wanted {
  readonly measures: readonly Measure[];
  /** To split by, and to count. */
  readonly dimensions: readonly Dimension[];
  readonly filters: readonly Filter[];
  /** Of single orders. */
  readonly conditions: readonly Condition[];
  readonly times: Times;
}

/** Tables that answer, and how their columns are written there. */
export interface Place {
  readonly from: string;
  readonly measure: (measure: Measure) => string;
  readonly dimension: (dimension: Dimension) => string;
  readonly where: readonly Restriction[];
}

/** A condition of WHERE, and what of the question it comes from: its times, or that only some orders count. */
export interface Restriction {
  readonly of: Filter | Condition | "times" | "counts";
  readonly sql: string;
}

/** A text in SQL. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A number in SQL: whole, or as a double, which means the same on every engine. */
export function numeral(value: string): string {
  return /^\d+$/.test(value) ? value : `${value}E0`;
}

/** Sums before facts, so that little is read. */
const TABLES = ["regional_sales", "daily_sales", "orders", "customers", "products", "sales"];

/**
 * The smallest table that has all that is wanted; else lines with their orders, or orders with what of their lines is
 * asked for. @throws {NotUnderstood} where there is none
 */
export function placeFor(wanted: Wanted, schema: PromptSchema): Place {
  const single = TABLES.find((table) => holdsAll(wanted, table, schema));
  if (single !== undefined) return singlePlace(wanted, single);
  if (wanted.measures.every((measure) => hasFormula(measure, "sales", schema)) && inEither(wanted, schema))
    return linesWithOrders(wanted);
  if (wanted.measures.every((measure) => hasFormula(measure, "orders", schema)) && inEither(wanted, schema))
    return ordersOfLines(wanted);
  const names = [...wanted.measures, ...wanted.dimensions].map(({ key }) => key.replaceAll("_", " "));
  throw new NotUnderstood(`no table tells ${[...new Set(names)].join(" together with ")}`);
}

function has(schema: PromptSchema, table: string, column: string | undefined): boolean {
  return column !== undefined && schema.get(table)?.has(column) === true;
}

function hasFormula({ on }: Measure, table: string, schema: PromptSchema): boolean {
  const formula: Formula | undefined = on[table];
  return formula?.columns.every((column) => has(schema, table, column)) === true;
}

function holdsAll(wanted: Wanted, table: string, schema: PromptSchema): boolean {
  return (
    wanted.measures.every((measure) => hasFormula(measure, table, schema)) &&
    [...columnsWanted(wanted, table)].every((column) => has(schema, table, column))
  );
}

/** Columns besides the measures'; undefined for one that the table has not. */
function columnsWanted(
  { dimensions, filters, conditions, times }: Wanted,
  table: string,
): (string | undefined)[] {
  const { periods, monthsOfYear } = times;
  return [
    ...dimensions.map(({ columns }) => columns[table]),
    ...filters.map((filter) => columnOf(filter, table)),
    ...conditions.map(({ measure }) => (table === "orders" ? measure.ofOrder : undefined)),
    ...(periods.length + monthsOfYear.length > 0 ? [dimensionOf("month").columns[table]] : []),
    ...(periods.every(isOfMonths) ? [] : [dimensionOf("day").columns[table]]),
  ];
}

function columnOf(filter: Filter, table: string): string | undefined {
  return filter.kind === "values" ? filter.dimension.columns[table] : filter.column;
}

function inEither({ dimensions, filters }: Wanted, schema: PromptSchema): boolean {
  const columns = [
    ...dimensions.map(({ columns: of }) => [of.sales, of.orders]),
    ...filters.map((filter) => [columnOf(filter, "sales"), columnOf(filter, "orders")]),
  ];
  return columns.every(([ofLine, ofOrder]) => has(schema, "sales", ofLine) || has(schema, "orders", ofOrder));
}

function formula({ key, on }: Measure, table: string): Formula {
  const found = on[table];
  if (found === undefined) throw new Error(`${key} cannot be had from ${table}`);
  return found;
}

function singlePlace(wanted: Wanted, table: string): Place {
  const dimension = (of: Dimension) => written(of, of.columns[table] ?? "");
  return {
    from: table,
    measure: (of) => formula(of, table).sql((column) => column),
    dimension,
    where: [
      ...(["sales", "orders"].includes(table) ? countsOnly(wanted, "counts") : []),
      ...inTime(wanted.times, "month", dimensionOf("day").columns[table] ?? ""),
      ...wanted.filters.map((of) => restriction(of, columnOf(of, table) ?? "")),
      ...ofOrders(wanted, ""),
    ],
  };
}

/** Each line has one order: nothing multiplies. */
function linesWithOrders(wanted: Wanted): Place {
  const column = (ofLine: string | undefined, ofOrder: string | undefined) =>
    ofLine === undefined ? `o.${ofOrder}` : `s.${ofLine}`;
  return {
    from: "sales AS s JOIN orders AS o ON o.order_id = s.order_id",
    measure: (of) => formula(of, "sales").sql((name) => `s.${name}`),
    dimension: (of) => written(of, column(of.columns.sales, of.columns.orders)),
    where: [
      ...countsOnly(wanted, "s.counts"),
      ...inTime(wanted.times, "s.month", "s.purchase_date"),
      ...inTime(wanted.times, "o.month", "o.purchase_date"),
      ...wanted.filters.map((of) => restriction(of, column(columnOf(of, "sales"), columnOf(of, "orders")))),
      ...ofOrders(wanted, "o."),
    ],
  };
}

/** Each order once for what of its lines is asked for: once a category, however many lines it has of it. */
function ordersOfLines(wanted: Wanted): Place {
  const ofLines = (dimension: Dimension) => dimension.columns.orders === undefined;
  const columns = [...new Set(wanted.dimensions.filter(ofLines).map(({ columns: of }) => of.sales))];
  const lineFilters = wanted.filters.filter((filter) => columnOf(filter, "orders") === undefined);
  const lines = [
    `SELECT DISTINCT ${["order_id", ...columns].join(", ")} FROM sales`,
    whereClause([
      ...inTime(wanted.times, "month", "purchase_date"),
      ...lineFilters.map((of) => restriction(of, columnOf(of, "sales") ?? "")),
    ]),
  ].join("");
  return {
    from: `orders AS o JOIN (${lines}) AS l ON l.order_id = o.order_id`,
    measure: (of) => formula(of, "orders").sql((name) => `o.${name}`),
    dimension: (of) => written(of, ofLines(of) ? `l.${of.columns.sales}` : `o.${of.columns.orders}`),
    where: [
      ...countsOnly(wanted, "o.counts"),
      ...inTime(wanted.times, "o.month", "o.purchase_date"),
      ...wanted.filters
        .filter((filter) => !lineFilters.includes(filter))
        .map((of) => restriction(of, `o.${columnOf(of, "orders")}`)),
      ...ofOrders(wanted, "o."),
    ],
  };
}

export function whereClause(restrictions: readonly Restriction[]): string {
  return restrictions.length === 0 ? "" : ` WHERE ${restrictions.map(({ sql }) => sql).join(" AND ")}`;
}

function ofOrders({ conditions }: Wanted, alias: string): Restriction[] {
  return conditions.map((of) => ({ of, sql: bound(`${alias}${of.measure.ofOrder}`, of) }));
}

/** A bound as a condition on a column or an expression. */
export function bound(of: string, { operator, numbers }: Condition): string {
  const [first = "", second = ""] = numbers.map(numeral);
  return operator === "between" ? `${of} BETWEEN ${first} AND ${second}` : `${of} ${operator} ${first}`;
}

function written({ of }: Dimension, column: string): string {
  return of === undefined ? column : of(column);
}

/** Who asks of statuses means cancelled orders too. */
function countsOnly({ dimensions, filters }: Wanted, column: string): Restriction[] {
  const ofStatus =
    dimensions.some(({ key }) => key === "status") ||
    filters.some((filter) => filter.kind === "values" && filter.dimension.key === "status");
  return ofStatus ? [] : [{ of: "counts", sql: column }];
}

function restriction(of: Filter, column: string): Restriction {
  if (of.kind === "holds") return { of, sql: of.holds ? column : `NOT ${column}` };
  if (of.kind === "known") return { of, sql: `${column} IS ${of.known ? "NOT NULL" : "NULL"}` };
  const [first = "", ...more] = of.values.map(literal);
  if (more.length === 0) return { of, sql: `${column} ${of.negated ? "<>" : "="} ${first}` };
  return { of, sql: `${of.negated ? "NOT " : ""}${column} IN (${[first, ...more].join(", ")})` };
}

/** By months, which tell the objects to read, and by days where a period has parts of a month. */
function inTime(times: Times, month: string, day: string): Restriction[] {
  return timeConditions(times, month, day).map((sql) => ({ of: "times", sql }));
}

function timeConditions({ periods, monthsOfYear }: Times, month: string, day: string): string[] {
  const ofYear =
    monthsOfYear.length === 0 ? [] : [`substr(${month}, 6, 2) IN (${monthsOfYear.map(literal).join(", ")})`];
  const [only, ...more] = periods.map((period) => [
    ...range(month, literal, period.from?.slice(0, 7), period.to?.slice(0, 7)),
    ...(isOfMonths(period) ? [] : range(day, (date) => `DATE ${literal(date)}`, period.from, period.to)),
  ]);
  if (only === undefined) return ofYear;
  if (more.length === 0) return [...only, ...ofYear];
  const froms = periods.map(({ from }) => from);
  const tos = periods.map(({ to }) => to);
  const first = froms.includes(undefined) ? undefined : froms.toSorted()[0];
  const last = tos.includes(undefined) ? undefined : tos.toSorted().at(-1);
  const any = [only, ...more].map((conditions) => `(${conditions.join(" AND ")})`).join(" OR ");
  return [...range(month, literal, first?.slice(0, 7), last?.slice(0, 7)), `(${any})`, ...ofYear];
}

function range(
  column: string,
  write: (value: string) => string,
  from: string | undefined,
  to: string | undefined,
): string[] {
  if (from !== undefined && from === to) return [`${column} = ${write(from)}`];
  if (from !== undefined && to !== undefined) return [`${column} BETWEEN ${write(from)} AND ${write(to)}`];
  if (from !== undefined) return [`${column} >= ${write(from)}`];
  return to === undefined ? [] : [`${column} <= ${write(to)}`];
}
