import path from "node:path";
import { salesForecast } from "@penstock/models";
import { atMost, type Checks, near } from "./models-check.ts";
import { type Row, readCsv, readRows, referenceFiles, SetLeftOut } from "./models-reference-files.ts";

const YEAR = 12;
/** Of ForecastPro over the 1,000 series for which its forecasts are published with the values, in percent. */
const PUBLISHED = 13.89;

/** The last year of air passengers, by what came before. */
export async function airPassengerChecks(data: string): Promise<Checks> {
  const files = await referenceFiles(path.join(data, "forecast"), "air_passengers", ".csv");
  const values = (await readCsv(files, ["month"]))
    .toSorted((a, b) => ((a.month ?? "") < (b.month ?? "") ? -1 : 1))
    .map(({ passengers }) => Number(passengers));
  if (values.length < 4 * YEAR) throw new SetLeftOut(`${values.length} months of air passengers`);
  const [known, actual] = [values.slice(0, -YEAR), values.slice(-YEAR)];
  const naive = mean(known.slice(YEAR).map((one, t) => Math.abs(one - (known[t] ?? 0))));
  const forecasts = monthly(known, actual.length);
  const misses = actual.map((one, h) => Math.abs(one - (forecasts[h]?.mean ?? Number.NaN)));
  return { "forecast.air_passengers.mase": atMost(mean(misses) / naive, 0.45) };
}

/**
 * Every `nth` series of M3's monthly ones: mean sMAPE over the horizon against that of ForecastPro (the best of the
 * competition here) on the same series, and how many values the intervals hold.
 */
export async function m3Checks(data: string, nth: number): Promise<Checks> {
  const folder = path.join(data, "forecast");
  const files = await referenceFiles(folder, "m3_monthly_values", ".parquet");
  const rows = await readRows(files, ["series_id", "t", "split", "value"], ["series_id", "t"]);
  const series = Map.groupBy(
    rows.toSorted((a, b) => Number(a.t) - Number(b.t)),
    ({ series_id }) => String(series_id),
  );
  const tested = [...series].filter(([, of]) =>
    ["train", "test"].every((part) => valuesOf(of, part).length > 0),
  );
  const chosen = tested.filter((_, i) => i % nth === 0);
  if (chosen.length === 0) throw new SetLeftOut("no series of M3 has values of both parts");
  const scored = chosen.map(([, of]) => scoreOf(of));
  const held = (level: 80 | 95) => 100 * mean(scored.flatMap((one) => one.held[level]));
  const theirs = await forecastProSmape(folder, new Map(chosen));
  return {
    "forecast.m3_monthly.smape_percent": atMost(mean(scored.map((one) => one.smape)), theirs ?? PUBLISHED),
    "forecast.m3_monthly.held_by_95_percent": near(held(95), 95, 2),
    "forecast.m3_monthly.held_by_80_percent": near(held(80), 80, 5),
  };
}

/**
 * Mean sMAPE of ForecastPro's forecasts of these series, in percent, down to two decimals as the published one is;
 * undefined unless there is a forecast for every value.
 */
async function forecastProSmape(
  folder: string,
  series: ReadonlyMap<string, readonly Row[]>,
): Promise<number | undefined> {
  const files = await referenceFiles(folder, "m3_monthly_forecasts", ".parquet").catch((error: unknown) => {
    if (error instanceof SetLeftOut) return [];
    throw error;
  });
  const forecasts = new Map<string, number>();
  for (const row of await readRows(files, ["series_id", "method", "h", "forecast"])) {
    if (row.method === "ForecastPro") forecasts.set(`${row.series_id} ${row.h}`, Number(row.forecast));
  }
  const smapes = [...series].map(([id, rows]) =>
    smape(
      valuesOf(rows, "test"),
      valuesOf(rows, "test").map((_, h) => forecasts.get(`${id} ${h + 1}`)),
    ),
  );
  const all = mean(smapes);
  return Number.isFinite(all) ? Math.floor(all * 100) / 100 : undefined;
}

function scoreOf(rows: readonly Row[]) {
  const actual = valuesOf(rows, "test");
  const forecasts = monthly(valuesOf(rows, "train"), actual.length);
  const held = (level: 80 | 95) =>
    actual.map((one, h) => {
      const forecast = forecasts[h];
      return Number(
        forecast !== undefined && one >= forecast[`lower_${level}`] && one <= forecast[`upper_${level}`],
      );
    });
  return {
    smape: smape(
      actual,
      forecasts.map((one) => one.mean),
    ),
    held: { 80: held(80), 95: held(95) },
  };
}

function valuesOf(rows: readonly Row[], split: string): number[] {
  return rows.filter((row) => row.split === split).map((row) => Number(row.value));
}

/** Symmetric mean absolute percentage error, 0 to 200; 0 where both are 0, NaN where a forecast is missing. */
function smape(actual: readonly number[], forecasts: readonly (number | undefined)[]): number {
  return mean(
    actual.map((one, h) => {
      const forecast = forecasts[h] ?? Number.NaN;
      return one === forecast ? 0 : (200 * Math.abs(one - forecast)) / (Math.abs(one) + Math.abs(forecast));
    }),
  );
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
