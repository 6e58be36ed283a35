/** Sales of one category in one region and period. Orders that were cancelled do not count. */
export interface SalesCell {
  readonly region: string;
  readonly category: string;
  /** `YYYY-MM`, a whole month: leave a month out that is not over yet. */
  readonly period: string;
  /** In one currency, 0 or more. */
  readonly revenue: number;
  readonly orders: number;
  /** Cost of what was sold, likewise; null when a unit cost is not known. */
  readonly cost: number | null;
}

/** What a list of cells holds, by any key, with a value for every month from the first to the last. */
export interface MonthlySeries {
  readonly cells: readonly SalesCell[];
  readonly revenue: readonly number[];
}

/**
 * Whether a cell's numbers can be counted, and its month be true: one of the year 0 would make all months since then a
 * part of every series.
 */
export function isCountable({ period, revenue, orders, cost }: SalesCell): boolean {
  const numbers = [revenue, orders, cost ?? 0];
  return (
    /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/.test(period) &&
    numbers.every((value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER)
  );
}

/** First and last month, and all months from one to the other; undefined for no cells. */
export function monthsOf(cells: readonly SalesCell[]): readonly string[] | undefined {
  const numbers = cells.map(({ period }) => monthNumber(period));
  if (numbers.length === 0) return undefined;
  const first = numbers.reduce((a, b) => Math.min(a, b));
  const last = numbers.reduce((a, b) => Math.max(a, b));
  return Array.from({ length: last - first + 1 }, (_, i) => monthName(first + i));
}

/** Cells by key, each with its revenue in every one of `months`, 0 where it sold nothing. Sorted by key. */
export function seriesBy(
  cells: readonly SalesCell[],
  months: readonly string[],
  key: (cell: SalesCell) => string,
): { readonly key: string; readonly series: MonthlySeries }[] {
  const place = new Map(months.map((month, index) => [month, index]));
  const groups = new Map<string, { cells: SalesCell[]; revenue: number[] }>();
  for (const cell of cells) {
    const own = groups.get(key(cell)) ?? { cells: [], revenue: months.map(() => 0) };
    groups.set(key(cell), own);
    own.cells.push(cell);
    const index = place.get(cell.period) ?? 0;
    own.revenue[index] = (own.revenue[index] ?? 0) + cell.revenue;
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, series]) => ({ key: name, series }));
}

/** The sum of a list. */
export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function monthNumber(period: string): number {
  return Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1;
}

function monthName(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}
