import { readFile } from "node:fs/promises";
import path from "node:path";
import { salesForecast } from "@penstock/models";
import { atMost, between, type Checks } from "./models-check.ts";
import { readRows, referenceFile } from "./models-reference-files.ts";

const YEAR = 12;

/** The last year of air passengers, by what came before. */
export async function airPassengerChecks(data: string): Promise<Checks> {
  const file = path.join(data, "forecast", "air_passengers.csv");
  const values = (await readFile(file, "utf8"))
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => Number(line.split(",")[1]));
  const [known, actual] = [values.slice(0, -YEAR), values.slice(-YEAR)];
  const naive = mean(known.slice(YEAR).map((one, t) => Math.abs(one - (known[t] ?? 0))));
  const forecasts = monthly(known, actual.length);
  const misses = actual.map((one, h) => Math.abs(one - (forecasts[h]?.mean ?? Number.NaN)));
  return { "forecast.air_passengers.mase": atMost(mean(misses) / naive, 0.45) };
}

/** Every `nth` series of M3's monthly ones: mean sMAPE over the horizon, and how many values the intervals hold. */
export async function m3Checks(data: string, nth: number): Promise<Checks> {
  const file = await referenceFile(path.join(data, "forecast"), "m3_monthly_values", ".parquet");
  const rows = await readRows(file, ["series_id", "t", "split", "value"]);
  const series = Map.groupBy(
    rows.toSorted((a, b) => Number(a.t) - Number(b.t)),
    ({ series_id }) => String(series_id),
  );
  const scored = [...series.values()].filter((_, i) => i % nth === 0).map(scoreOf);
  const smape = mean(scored.map((one) => one.smape));
  const within = (level: 80 | 95) => 100 * mean(scored.flatMap((one) => one.held[level]));
  return {
    "forecast.m3_monthly.smape_percent": atMost(smape, 13.89),
    "forecast.m3_monthly.held_by_95_percent": between(within(95), 93, 97),
    "forecast.m3_monthly.held_by_80_percent": between(within(80), 75, 85),
  };
}

function scoreOf(rows: readonly Record<string, unknown>[]) {
  const values = (split: string) => rows.filter((row) => row.split === split).map((row) => Number(row.value));
  const actual = values("test");
  const forecasts = monthly(values("train"), actual.length);
  const held = (level: 80 | 95) =>
    actual.map((one, h) => {
      const forecast = forecasts[h];
      return Number(
        forecast !== undefined && one >= forecast[`lower_${level}`] && one <= forecast[`upper_${level}`],
      );
    });
  return {
    smape: mean(
      actual.map((one, h) => {
        const forecast = forecasts[h]?.mean ?? Number.NaN;
        return (200 * Math.abs(one - forecast)) / (Math.abs(one) + Math.abs(forecast));
      }),
    ),
    held: { 80: held(80), 95: held(95) },
  };
}

function monthly(values: number[], horizon: number) {
  const result = salesForecast(
    { category: "", region: "", frequency: "month", from: "2000-01-01", values },
    horizon,
  );
  if (result.status !== "ok") throw new Error(`a reference series: ${result.reason}`);
  return result.forecasts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
