/** One form of exponential smoothing by its error, trend and season: none, additive or multiplicative. */
export interface EtsForm {
  readonly error: "A" | "M";
  readonly trend: "N" | "A" | "M";
  readonly damped: boolean;
  readonly season: "N" | "A" | "M";
}

/** The name that R's `ets()` gives a form, with `_damped` behind: `MAM_damped`. */
export function etsName({ error, trend, season, damped }: EtsForm): string {
  return `${error}${trend}${season}${damped ? "_damped" : ""}`;
}

/**
 * The forms worth trying: all with trends none, additive and additive damped, without a multiplicative season under an
 * additive error (its variance has no bound). A multiplicative trend runs away over long horizons and is left out, as
 * `ets()` does by default. Multiplicative parts need values above 0.
 */
export function candidateForms(seasonal: boolean, positive: boolean): EtsForm[] {
  const trends = [
    { trend: "N", damped: false },
    { trend: "A", damped: false },
    { trend: "A", damped: true },
  ] as const;
  return trends.flatMap((trend) =>
    (positive ? (["A", "M"] as const) : (["A"] as const)).flatMap((error) =>
      (["N", "A", "M"] as const)
        .filter((season) => season === "N" || (seasonal && (season === "A" || error === "M")))
        .map((season) => ({ error, ...trend, season })),
    ),
  );
}

/** Numbers that a form fits: smoothing weights, initial states, and the variance of the error. */
export function parameterCount({ trend, damped, season }: EtsForm, period: number): number {
  const trends = trend === "N" ? 0 : damped ? 3 : 2;
  return 3 + trends + (season === "N" ? 0 : period);
}
