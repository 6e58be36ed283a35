import { readFile } from "node:fs/promises";
import path from "node:path";
import { type EtsForm, etsLogLikelihood, fitEts } from "@penstock/models";
import * as v from "valibot";
import { atLeast, type Checks, near } from "./models-check.ts";
import { referenceFiles } from "./models-reference-files.ts";

const Fit = v.object({
  alpha: v.number(),
  beta: v.nullish(v.number(), 0),
  gamma: v.nullish(v.number(), 0),
  phi: v.nullish(v.number(), 1),
  loglik: v.number(),
  initstate: v.array(v.number()),
});
const Series = v.object({
  frequency: v.number(),
  values: v.array(v.number()),
  fits: v.record(v.string(), Fit),
});

/** Series by name, among notes that are text. */
const Entries = v.record(v.string(), v.unknown());

/** Numbers of the optimiser's steps that bring a fit to its maximum. */
const EFFORT = 300;
/** R stopped at its optimiser's tolerance, and the file rounds. */
const ROUNDING = 0.01;

/**
 * The fits of R's `ets()`: our likelihood at R's own parameters is R's, and our maximum over the same region of the
 * parameters is at least as high.
 */
export async function etsChecks(data: string): Promise<Checks> {
  const files = await referenceFiles(path.join(data, "forecast"), "ets_reference", ".json");
  const parts = await Promise.all(
    files.map(async (file) => v.parse(Entries, JSON.parse(await readFile(file, "utf8")))),
  );
  const checks: Record<string, Checks[string]> = {};
  for (const [name, entry] of parts.flatMap((part) => Object.entries(part))) {
    if (typeof entry === "string") continue;
    const { frequency, values, fits } = v.parse(Series, entry);
    const series = Float64Array.from(values);
    for (const [title, fit] of Object.entries(fits)) {
      const form = formOf(title);
      const [level = 0, ...states] = fit.initstate;
      const growth = form.trend === "N" ? 0 : (states.shift() ?? 0);
      // R lists the seasons from the latest to the earliest.
      const start = { level, growth, seasons: Float64Array.from(states.toReversed()) };
      const at = `forecast.ets.${name}.${title}`;
      checks[`${at}.at_their_parameters`] = near(
        etsLogLikelihood(form, series, fit, start),
        fit.loglik,
        ROUNDING,
      );
      const ours = fitEts(form, series, frequency, { effort: EFFORT });
      checks[`${at}.log_likelihood`] = atLeast(ours?.logLikelihood, fit.loglik - ROUNDING);
    }
  }
  return checks;
}

function formOf(title: string): EtsForm {
  const [, error, trend, season, damped] = /^([AM])([NAM])([NAM])(_damped)?$/.exec(title) ?? [];
  return {
    error: error === "M" ? "M" : "A",
    trend: kind(trend),
    season: kind(season),
    damped: damped !== undefined,
  };
}

function kind(letter: string | undefined): "N" | "A" | "M" {
  return letter === "A" || letter === "M" ? letter : "N";
}
