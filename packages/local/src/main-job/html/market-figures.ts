import {
  daysBefore,
  forecastFacts,
  number,
  opportunityFacts,
  regionFacts,
  seriesName,
  trendFacts,
  word,
} from "../prod/facts.ts";
import { change, figure as digits, percent } from "../prod/figures.ts";
import type { Cell, Prod, Row } from "../prod/prod.ts";
import { chart, colours, grid, nameAxis, sequenceAxis, valueAxis } from "./chart.ts";
import { short } from "./escape.ts";
import type { Figure } from "./page.ts";

/** Bars that a reader can still compare. */
const MOST = 12;

export function notEnough(about: string, reason: string): Figure {
  return { title: `${about}: not enough data`, note: reason };
}

/** What was sold and what is expected, with the bands that it lies in. */
export function forecastFigure(prod: Prod): Figure {
  const told = forecastFacts(prod);
  if ("reason" in told) return notEnough("Forecast", told.reason);
  const { days, frequency, expected, before, from, to } = told.known;
  const history =
    frequency === "day"
      ? (daysBefore(prod.sales, from, Math.max(90, 2 * days.length)) ??
        prod.sales.filter(({ day }) => day < from))
      : [];
  const texts = [...history.map(({ day }) => day), ...days.map((row) => word(row.forecast_date))];
  const none: null[] = history.map(() => null);
  const of = (column: string): (number | null)[] => [...none, ...days.map((row) => number(row[column]))];
  const width = (low: string, high: string) => [
    ...none,
    ...days.map((row) => number(row[high]) - number(row[low])),
  ];
  // A band is what lies on top of its lower bound.
  const band = (low: string, high: string, color: string) => [
    { type: "line", stack: low, data: of(low), lineStyle: { opacity: 0 }, symbol: "none" },
    {
      type: "line",
      stack: low,
      data: width(low, high),
      lineStyle: { opacity: 0 },
      symbol: "none",
      areaStyle: { color, opacity: 1 },
    },
  ];
  const than =
    before === undefined || before === 0
      ? ""
      : `, ${change(expected / before - 1)} on the ${days.length} before`;
  const title = `${digits(expected)} of revenue is expected in the ${days.length} ${frequency}s from ${from}${than}`;
  return {
    title,
    chart: chart(
      {
        grid,
        xAxis: sequenceAxis(texts, { boundaryGap: false }),
        yAxis: valueAxis(digits),
        series: [
          ...band("lower_95", "upper_95", colours.wideBand),
          ...band("lower_80", "upper_80", colours.band),
          {
            type: "line",
            data: [...history.map(({ revenue }) => revenue), ...days.map(() => null)],
            symbol: "none",
            lineStyle: { color: colours.muted, width: 1.4 },
          },
          {
            type: "line",
            data: of("mean"),
            symbol: "none",
            lineStyle: { color: colours.first, width: 2.2 },
          },
        ],
      },
      300,
      title,
    ),
    legend: [
      ...(history.length > 0 ? [{ colour: colours.muted, text: `revenue per ${frequency}` }] : []),
      { colour: colours.first, text: `expected, up to ${to}` },
      { colour: colours.band, text: "80 of 100 values lie within" },
      { colour: colours.wideBand, text: "95 of 100 values lie within" },
    ],
    table: {
      head: [frequency, "expected", "80 % from", "80 % to", "95 % from", "95 % to"],
      rows: days.map((row) => [
        word(row.forecast_date),
        ...["mean", "lower_80", "upper_80", "lower_95", "upper_95"].map((column) =>
          digits(number(row[column])),
        ),
      ]),
    },
  };
}

/** How much each region and category gains or loses within a season. */
export function trendFigure(prod: Prod): Figure {
  const told = trendFacts(prod);
  if ("reason" in told) return notEnough("Trend", told.reason);
  const rows = told.known.toSorted((a, b) => number(b.growth_per_season) - number(a.growth_per_season));
  const clear = rows.filter(({ direction }) => direction !== "no clear trend");
  const count = (direction: string) => rows.filter((row) => row.direction === direction).length;
  const title =
    clear.length === 0
      ? `None of ${rows.length} series has a clear trend`
      : `Of ${rows.length} series ${count("rising")} rise and ${count("falling")} fall; the others have no clear trend`;
  const shown = rows.length <= MOST ? rows : [...rows.slice(0, MOST / 2), ...rows.slice(-MOST / 2)];
  const season = shown.some((row) => row.frequency === "day") ? "week" : "year";
  return {
    title,
    chart: bars(
      shown.map(seriesName),
      [
        shown.map((row) => ({
          value: number(row.growth_per_season),
          itemStyle: {
            color:
              row.direction === "rising"
                ? colours.first
                : row.direction === "falling"
                  ? colours.second
                  : colours.line,
          },
        })),
      ],
      change,
      title,
    ),
    legend: [
      { colour: colours.first, text: "rising" },
      { colour: colours.second, text: "falling" },
      { colour: colours.line, text: "no clear trend" },
    ],
    note: `Growth of revenue per ${season}, as a share of its mean.${shown.length < rows.length ? ` The ${MOST / 2} greatest and the ${MOST / 2} smallest.` : ""}`,
    table: {
      head: ["series", "direction", `growth per ${season}`, "p", "seasonality", "change points", "latest"],
      rows: rows.map((row) => [
        seriesName(row),
        word(row.direction),
        typeof row.growth_per_season === "number" ? change(row.growth_per_season) : "–",
        plain(row.p_value),
        plain(row.seasonality_strength),
        plain(row.change_points),
        word(row.last_change_point) || "–",
      ]),
    },
  };
}

/** The opportunities with the intervals of their scores. */
export function opportunityFigure(prod: Prod): Figure {
  const told = opportunityFacts(prod);
  if ("reason" in told) return notEnough("Opportunities", told.reason);
  const rows = told.known.slice(0, MOST);
  const certain = told.known.filter(({ is_certain }) => is_certain === true).length;
  const [first] = rows;
  const title = `${first === undefined ? "Nothing" : seriesName(first)} promises most; ${certain} of ${told.known.length} opportunities are certain`;
  const names = rows.map((row) => short(seriesName(row)));
  return {
    title,
    chart: chart(
      {
        grid,
        yAxis: nameAxis(names),
        xAxis: valueAxis(score),
        series: [
          {
            type: "bar",
            data: rows.map((row) => number(row.score)),
            itemStyle: { color: colours.first },
            barMaxWidth: 14,
          },
          {
            type: "custom",
            // Above the bars, or half of the interval is hidden.
            z: 5,
            data: rows.map((row, place) => [number(row.score_low), number(row.score_high), place]),
            encode: { x: [0, 1], y: 2 },
            renderItem: (_: unknown, api: IntervalApi) => {
              const [left = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
              const [right = 0] = api.coord([api.value(1), api.value(2)]);
              return {
                type: "line",
                shape: { x1: left, y1: y, x2: right, y2: y },
                style: { stroke: colours.ink, fill: "none", lineWidth: 1.5 },
              };
            },
          },
        ],
      },
      heightOf(rows.length),
      title,
    ),
    note: `Score: ${word(first?.basis)}. The line is the interval in which it lies with 90 %; certain is what even its lower end is above 0 for.`,
    table: {
      head: ["region, category", "score", "from", "to", "growth a month", "share", "margin", "certain"],
      rows: rows.map((row) => [
        seriesName(row),
        ...[row.score, row.score_low, row.score_high].map((cell) => score(number(cell))),
        typeof row.growth === "number" ? change(row.growth) : "–",
        percent(number(row.share)),
        typeof row.margin === "number" ? percent(row.margin) : "–",
        row.is_certain === true ? "yes" : "no",
      ]),
    },
  };
}

/** What ECharts gives to who draws a mark by hand. */
interface IntervalApi {
  value(dimension: number): number;
  coord(point: readonly number[]): number[];
}

/** The regions by their share of revenue. */
export function regionFigure(prod: Prod): Figure {
  const told = regionFacts(prod);
  if ("reason" in told) return notEnough("Regions", told.reason);
  const rows = told.known;
  const [first] = rows;
  const title = `${word(first?.region)} brings ${percent(number(first?.share))} of all revenue`;
  const shown = rows.slice(0, MOST);
  return {
    title: rows.length > 1 ? `${title}, of ${rows.length} regions` : title,
    chart: bars(
      shown.map((row) => word(row.region)),
      [shown.map((row) => ({ value: number(row.share), itemStyle: { color: colours.first } }))],
      percent,
      title,
    ),
    table: {
      head: ["region", "revenue", "share", "orders", "growth a month", "from", "to", "specialty"],
      rows: rows.map((row) => [
        word(row.region),
        digits(number(row.revenue)),
        percent(number(row.share)),
        digits(number(row.orders)),
        ...[row.growth, row.growth_low, row.growth_high].map((cell) =>
          typeof cell === "number" ? change(cell) : "–",
        ),
        row.specialty === null
          ? "–"
          : `${word(row.specialty)} (${plain(row.location_quotient)} times the usual share)`,
      ]),
    },
  };
}

/** Horizontal bars, one series beside the other for each name. */
export function bars(
  names: readonly string[],
  series: readonly (readonly { value: number; itemStyle: { color: string } }[])[],
  format: (value: number) => string,
  label: string,
): string {
  return chart(
    {
      grid,
      yAxis: nameAxis(names.map((name) => short(name))),
      xAxis: valueAxis(format),
      series: series.map((data) => ({ type: "bar", data: [...data], barMaxWidth: 16 })),
    },
    heightOf(names.length * Math.max(1, series.length * 0.7)),
    label,
  );
}

function heightOf(bars: number): number {
  return 60 + Math.round(bars * 26);
}

function score(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function plain(cell: Cell | undefined): string {
  return typeof cell === "number" ? digits(cell) : "–";
}

/** The rows of a report as a table of texts, in the order of some columns. */
export function plainTable(rows: readonly Row[], columns: readonly string[]) {
  return {
    head: columns.map((column) => column.replaceAll("_", " ")),
    rows: rows.map((row) =>
      columns.map((column) => {
        const cell = row[column];
        return typeof cell === "number"
          ? digits(cell)
          : cell === true
            ? "yes"
            : cell === false
              ? "no"
              : word(cell) || "–";
      }),
    ),
  };
}
