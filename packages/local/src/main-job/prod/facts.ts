import { quantile } from "./figures.ts";
import type { Cell, DayOfSales, Prod, Row, WrittenReport } from "./prod.ts";

/** What a report says, or why it says nothing. */
export type Told<Facts> = { readonly known: Facts } | { readonly reason: string };

export interface ForecastFacts {
  readonly frequency: string;
  readonly from: string;
  readonly to: string;
  readonly days: readonly Row[];
  readonly expected: number;
  /** Revenue of as many days or months before; undefined where there are fewer. */
  readonly before: number | undefined;
}

export interface ValueFacts {
  readonly customers: number;
  readonly median: number;
  /** Share of all value that the most valuable tenth holds. */
  readonly topTenth: number;
  /** Sorted. */
  readonly values: readonly number[];
}

export interface ChurnFacts {
  readonly probabilities: readonly number[];
  /** Customers who are likelier to leave than to stay. */
  readonly likely: number;
  /** Among them, what weighs most, the most frequent first. */
  readonly reasons: readonly (readonly [string, number])[];
}

export interface RiskFacts {
  readonly orders: number;
  readonly flagged: number;
  readonly risks: readonly number[];
  /** Orders of the greatest risk, first. */
  readonly worst: readonly Row[];
}

export function reportOf({ systems }: Prod, system: string, report: string): Told<WrittenReport> {
  const written = systems.find((each) => each.system === system)?.reports[report];
  if (written === undefined) return { reason: "It is not built." };
  return written.head.status === "ok" ? { known: written } : { reason: written.head.reason };
}

/** Rows of a report that was made; with none of them, that is the reason. */
export function rowsOf(prod: Prod, system: string, report: string): Told<readonly Row[]> {
  const told = reportOf(prod, system, report);
  if ("reason" in told) return told;
  return told.known.rows.length > 0 ? { known: told.known.rows } : { reason: "It has no rows." };
}

export function number(cell: Cell | undefined): number {
  return typeof cell === "number" ? cell : 0;
}

export function word(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "" : String(cell);
}

/** Rows by a column, the greatest first. */
export function greatestFirst(rows: readonly Row[], column: string): Row[] {
  return rows.toSorted((left, right) => number(right[column]) - number(left[column]));
}

/** The forecast over all regions and categories: by day where there is one. */
export function forecastFacts(prod: Prod): Told<ForecastFacts> {
  const told = rowsOf(prod, "market-intelligence-hub", "sales-forecast");
  if ("reason" in told) return told;
  const whole = told.known.filter(({ region, category }) => region === "all" && category === "all");
  const frequency = whole.some((row) => row.frequency === "day") ? "day" : "month";
  const days = whole.filter((row) => row.frequency === frequency);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) {
    const series = rowsOf(prod, "market-intelligence-hub", "forecast-series");
    const all =
      "known" in series
        ? series.known.find(({ region, category }) => region === "all" && category === "all")
        : undefined;
    return { reason: word(all?.reason) || "No series over everything could be forecast." };
  }
  const before =
    frequency === "day" ? daysBefore(prod.sales, word(first.forecast_date), days.length) : undefined;
  return {
    known: {
      frequency,
      from: word(first.forecast_date),
      to: word(last.forecast_date),
      days,
      expected: days.reduce((sum, { mean }) => sum + number(mean), 0),
      before: before?.reduce((sum, { revenue }) => sum + revenue, 0),
    },
  };
}

/**
 * The days with sales among so many before a day; undefined where the sales do not reach back that far. A forecast may
 * begin before the last sale: days at the end that are not complete are not learned from.
 */
export function daysBefore(
  sales: readonly DayOfSales[],
  day: string,
  count: number,
): readonly DayOfSales[] | undefined {
  const from = new Date(Date.parse(`${day}T00:00:00Z`) - count * 24 * 3600_000).toISOString().slice(0, 10);
  const first = sales[0]?.day;
  if (first === undefined || first > from) return undefined;
  return sales.filter((each) => each.day >= from && each.day < day);
}

/** Trends with an answer: over all, by region and by category, all of one frequency. */
export function trendFacts(prod: Prod): Told<readonly Row[]> {
  const told = rowsOf(prod, "market-intelligence-hub", "sales-trend");
  if ("reason" in told) return told;
  const answered = told.known.filter(
    ({ status, direction, region, category }) =>
      status === "ok" && direction !== null && (region === "all" || category === "all"),
  );
  // Days where there are such, months for the rest: those are shown that compare the most.
  const of = (frequency: string) => answered.filter((row) => row.frequency === frequency);
  const [days, months] = [of("day"), of("month")];
  const rows = days.length >= months.length ? days : months;
  if (rows.length > 0) return { known: rows };
  return { reason: word(told.known[0]?.reason) || "No series says enough." };
}

/** The trend over everything: by day where there is one, which tells more than a few months do. */
export function wholeTrend(prod: Prod): Row | undefined {
  const told = rowsOf(prod, "market-intelligence-hub", "sales-trend");
  const rows = "known" in told ? told.known : [];
  const whole = rows.filter((row) => seriesName(row) === "everything" && row.direction !== null);
  return whole.find(({ frequency }) => frequency === "day") ?? whole[0];
}

/** `SP`, `toys` or `everything`. */
export function seriesName({ region, category }: Row): string {
  const parts = [region, category].map(word).filter((part) => part !== "all");
  return parts.length === 0 ? "everything" : parts.join(", ");
}

export function segmentFacts(prod: Prod): Told<readonly Row[]> {
  const told = rowsOf(prod, "demand-insights-engine", "segments");
  return "reason" in told ? told : { known: greatestFirst(told.known, "spend_share") };
}

export function valueFacts(prod: Prod): Told<ValueFacts> {
  const told = rowsOf(prod, "demand-insights-engine", "lifetime-value");
  if ("reason" in told) return told;
  const values = told.known.map((row) => number(row.lifetime_value)).sort((a, b) => a - b);
  const all = values.reduce((sum, value) => sum + value, 0);
  const top = values.slice(-Math.ceil(values.length / 10)).reduce((sum, value) => sum + value, 0);
  const topTenth = all > 0 ? top / all : 0;
  return { known: { customers: values.length, median: quantile(values, 0.5), topTenth, values } };
}

export function churnFacts(prod: Prod): Told<ChurnFacts> {
  const told = rowsOf(prod, "demand-insights-engine", "churn");
  if ("reason" in told) return told;
  const likely = told.known.filter((row) => number(row.churn_probability) > 0.5);
  return {
    known: {
      probabilities: told.known.map((row) => number(row.churn_probability)),
      likely: likely.length,
      reasons: counted(likely.map((row) => word(row.reason_1)).filter((reason) => reason !== "")),
    },
  };
}

export function riskFacts(prod: Prod): Told<RiskFacts> {
  const told = rowsOf(prod, "compliance-guardian", "order-risk");
  if ("reason" in told) return told;
  const rows = told.known;
  return {
    known: {
      orders: rows.length,
      flagged: rows.filter(({ flagged }) => flagged === true).length,
      risks: rows.map(({ risk }) => number(risk)),
      worst: greatestFirst(rows, "risk").slice(0, 5),
    },
  };
}

export function opportunityFacts(prod: Prod): Told<readonly Row[]> {
  const told = rowsOf(prod, "global-market-pulse", "opportunities");
  return "reason" in told ? told : { known: greatestFirst(told.known, "score") };
}

export function regionFacts(prod: Prod): Told<readonly Row[]> {
  const told = rowsOf(prod, "global-market-pulse", "regions");
  return "reason" in told ? told : { known: greatestFirst(told.known, "revenue") };
}

export function patternFacts(prod: Prod): Told<readonly Row[]> {
  const told = rowsOf(prod, "retail-copilot", "query-patterns");
  return "reason" in told ? told : { known: greatestFirst(told.known, "queries") };
}

/** How often each text occurs, the most frequent first. */
export function counted(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
