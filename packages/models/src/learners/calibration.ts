import { fitLogistic, sigmoid } from "./logistic.ts";

/** From log-odds that a classifier gives to a probability that can be believed. */
export interface Calibration {
  readonly intercept: number;
  /** 0 where the classifier's order says nothing about the outcome; never negative. */
  readonly slope: number;
}

/**
 * Platt scaling: a logistic regression of the outcome on the log-odds, fitted on rows that the classifier had not seen.
 * A slope that comes out negative means that the classifier knows nothing; then every row gets the base rate.
 *
 * Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines".
 *
 * @returns undefined when one class only is there
 */
export function fitCalibration(
  logOdds: readonly number[],
  labels: readonly boolean[],
): Calibration | undefined {
  const fitted = fitLogistic(
    logOdds.map((value) => [value]),
    labels,
  );
  const slope = fitted?.weights[0];
  if (fitted === undefined || slope === undefined) return undefined;
  if (slope > 0) return { intercept: fitted.intercept, slope };
  const positives = labels.filter(Boolean).length;
  return { intercept: Math.log(positives / (labels.length - positives)), slope: 0 };
}

/** The calibrated probability of one row's log-odds. */
export function calibrated({ intercept, slope }: Calibration, logOdds: number): number {
  return sigmoid(intercept + slope * logOdds);
}
