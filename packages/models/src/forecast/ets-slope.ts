import type { EtsTrace, EtsWeights } from "./ets-filter.ts";
import type { EtsForm } from "./ets-form.ts";

/** Derivatives of the deviance by the weights and by the states at the start. */
export interface EtsSlope {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly growth: number;
  /** By observation number modulo the period. */
  readonly seasons: Float64Array;
}

/**
 * The derivatives of `etsPass` by the chain rule backwards in time over its trace: one pass instead of one per
 * parameter. Each line undoes one line of the forward pass; a name ending in `Bar` is the derivative of the deviance by
 * that quantity.
 */
export function etsSlope(
  form: EtsForm,
  values: Float64Array,
  { alpha, beta, gamma, phi }: EtsWeights,
  trace: EtsTrace,
): EtsSlope {
  const relative = form.error === "M";
  const [noTrend, additiveTrend] = [form.trend === "N", form.trend === "A"];
  const [noSeason, additiveSeason] = [form.season === "N", form.season === "A"];
  const { levels, growths, effects, forecasts, errors } = trace;
  const period = trace.seasons.length;
  const seasons = new Float64Array(period);
  const pull = noTrend ? 0 : beta / alpha;
  const perError = (2 * values.length) / Math.max(trace.sumOfSquares, 1e-300);
  let [alphaBar, pullBar, gammaBar, phiBar] = [0, 0, 0, 0];
  let [levelBar, growthBar] = [0, 0];
  let at = noSeason ? 0 : values.length % period;
  for (let t = values.length - 1; t >= 0; t--) {
    const value = values[t] ?? 0;
    const level = levels[t] ?? 0;
    const after = levels[t + 1] ?? 0;
    const growth = growths[t] ?? 0;
    const effect = effects[t] ?? 0;
    const forecast = forecasts[t] ?? 0;
    const damped = noTrend ? 0 : additiveTrend ? phi * growth : growth ** phi;
    const base = noTrend ? level : additiveTrend ? level + damped : level * damped;
    const seen = noSeason ? value : additiveSeason ? value - effect : value / effect;
    let baseBar = 0;
    let dampedBar = 0;
    let effectBar = 0;
    let beforeBar = 0;
    if (!noSeason) {
      at = at === 0 ? period - 1 : at - 1;
      const nextBar = seasons[at] ?? 0;
      effectBar = nextBar * (1 - gamma);
      gammaBar += nextBar * ((additiveSeason ? value - base : value / base) - effect);
      baseBar -= gamma * nextBar * (additiveSeason ? 1 : value / (base * base));
    }
    if (!noTrend) {
      const ratio = additiveTrend ? 1 : level;
      dampedBar = growthBar * (1 - pull);
      pullBar += growthBar * ((additiveTrend ? after - level : after / level) - damped);
      levelBar += (pull * growthBar) / ratio;
      beforeBar -= additiveTrend ? pull * growthBar : (pull * growthBar * after) / (level * level);
    }
    baseBar += levelBar * (1 - alpha);
    alphaBar += levelBar * (seen - base);
    if (!noSeason) effectBar -= alpha * levelBar * (additiveSeason ? 1 : value / (effect * effect));
    const errorBar = perError * (errors[t] ?? 0);
    const forecastBar = relative ? (2 - (errorBar * value) / forecast) / forecast : -errorBar;
    baseBar += noSeason || additiveSeason ? forecastBar : forecastBar * effect;
    if (!noSeason) {
      effectBar += additiveSeason ? forecastBar : forecastBar * base;
      seasons[at] = effectBar;
    }
    if (noTrend) {
      levelBar = baseBar;
    } else if (additiveTrend) {
      dampedBar += baseBar;
      levelBar = beforeBar + baseBar;
      growthBar = dampedBar * phi;
      phiBar += dampedBar * growth;
    } else {
      dampedBar += baseBar * level;
      levelBar = beforeBar + baseBar * damped;
      growthBar = (dampedBar * phi * damped) / growth;
      phiBar += dampedBar * damped * Math.log(growth);
    }
  }
  return {
    alpha: alphaBar - (pullBar * pull) / alpha,
    beta: pullBar / alpha,
    gamma: gammaBar,
    phi: phiBar,
    level: levelBar,
    growth: growthBar,
    seasons,
  };
}
