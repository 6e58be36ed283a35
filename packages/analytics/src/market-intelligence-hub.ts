import {
  SalesForecastResult,
  type SalesSeries,
  SalesTrendResult,
  salesForecast,
  salesTrend,
} from "@penstock/models";
import { calendarOf, spanDetails } from "./calendar.ts";
import { median } from "./median.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import { salesSeries } from "./sales-series.ts";
import { soundAnswer } from "./sound-answer.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/**
 * Market Intelligence Hub: forecasts and trends of revenue. Which series, and where they end: `salesSeries`,
 * `calendarOf`. A series that says too little stands in `forecast-series` and `sales-trend` with the reason; the
 * reports as a whole are "not enough data" when every series is.
 */
export function marketIntelligenceHub(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  const needs = ["orders", "products", "daily_sales", "regional_sales"] as const;
  return reportSystem("market-intelligence-hub", input, needs, ports, async function* (marts): Reports {
    const { series: most, forecastDays, forecastMonths } = ports.settings;
    const calendar = await calendarOf(marts);
    const series = calendar === null ? [] : await salesSeries(marts, calendar, most);
    const horizon = { day: forecastDays, month: forecastMonths };
    const forecasts = series.map((one) => ({
      series: one,
      result: soundAnswer(SalesForecastResult, salesForecast(one, horizon[one.frequency])),
    }));
    const trends = series.map((one) => ({
      series: one,
      result: soundAnswer(SalesTrendResult, salesTrend(one)),
    }));
    const details = { ...spanDetails(calendar), horizon_days: forecastDays, horizon_months: forecastMonths };
    const answer = answerOf("sales-forecast", forecasts, details, ({ metrics, method }) =>
      method === "combination" ? metrics.combination_relative_rmse : 1,
    );
    yield ["sales-forecast", { answer, rows: forecasts.flatMap(forecastRows) }];
    yield ["forecast-series", { answer, rows: forecasts.map(seriesRow) }];
    yield [
      "sales-trend",
      {
        answer: answerOf("sales-trend", trends, spanDetails(calendar), () => undefined),
        rows: trends.map(trendRow),
      },
    ];
  });
}

interface Judged<Result> {
  readonly series: SalesSeries;
  readonly result: Result;
}

type Ok<Result> = Extract<Result, { readonly status: "ok" }>;

/** What all series together learned from. `errorOf`: error against seasonal naive of a series, whose median is a metric. */
function answerOf<Result extends SalesForecastResult | SalesTrendResult>(
  model: string,
  judged: readonly Judged<Result>[],
  details: Readonly<Record<string, unknown>>,
  errorOf: (result: Ok<Result>) => number | undefined,
): Report["answer"] {
  const isOk = (result: Result): result is Result & Ok<Result> => result.status === "ok";
  const found = judged.map(({ result }) => result).filter(isOk);
  const version = judged[0]?.result.version ?? 1;
  if (found.length === 0) {
    const [first] = judged.map(({ result }) => ("reason" in result ? result.reason : ""));
    const reason =
      first === undefined
        ? "there are no sales"
        : `none of ${judged.length} series: ${first}, for all sales by day`;
    return { status: "not enough data", model, version, reason };
  }
  const errors = found.flatMap((result) => errorOf(result) ?? []);
  const trained = found.map(({ trained_on }) => trained_on);
  return {
    status: "ok",
    model,
    version,
    trained_on: {
      observations: trained.reduce((sum, { observations }) => sum + observations, 0),
      from: trained.flatMap(({ from }) => from ?? []).sort()[0] ?? null,
      to:
        trained
          .flatMap(({ to }) => to ?? [])
          .sort()
          .at(-1) ?? null,
    },
    metrics: {
      series: found.length,
      series_without_answer: judged.length - found.length,
      ...(errors.length === 0 ? {} : { median_relative_rmse: median(errors) }),
    },
    details,
  };
}

function placeOf({ series: { region, category, frequency } }: Judged<unknown>) {
  return { region, category, frequency };
}

function outcomeOf(result: SalesForecastResult | SalesTrendResult) {
  return { status: result.status, reason: result.status === "ok" ? null : result.reason };
}

function forecastRows(judged: Judged<SalesForecastResult>) {
  const { result } = judged;
  if (result.status !== "ok") return [];
  return result.forecasts.map(({ date, ...values }) => ({
    ...placeOf(judged),
    forecast_date: date,
    ...values,
  }));
}

function seriesRow(judged: Judged<SalesForecastResult>) {
  const { series, result } = judged;
  const isOk = result.status === "ok";
  const error = isOk && result.method === "combination" ? result.metrics.combination_relative_rmse : 1;
  return {
    ...placeOf(judged),
    ...outcomeOf(result),
    method: isOk ? result.method : null,
    observations: isOk ? result.trained_on.observations : series.values.length,
    relative_rmse: isOk ? (error ?? null) : null,
  };
}

function trendRow(judged: Judged<SalesTrendResult>) {
  const { result } = judged;
  const isOk = result.status === "ok";
  return {
    ...placeOf(judged),
    ...outcomeOf(result),
    direction: isOk ? result.direction : null,
    p_value: isOk ? result.p_value : null,
    slope_per_period: isOk ? result.slope_per_period : null,
    growth_per_season: isOk ? result.growth_per_season : null,
    seasonality_strength: isOk ? result.seasonality_strength : null,
    trend_strength: isOk ? result.trend_strength : null,
    change_points: isOk ? result.change_points.length : null,
    last_change_point: isOk ? (result.change_points.at(-1)?.date ?? null) : null,
  };
}
