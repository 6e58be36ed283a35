import * as v from "valibot";

/** Total digits and digits after the point of a decimal. */
export interface DecimalShape {
  readonly precision: number;
  readonly scale: number;
}

export interface DecimalsIssue extends v.BaseIssue<number> {
  readonly kind: "validation";
  readonly type: "decimals";
  readonly expected: string;
  readonly received: string;
  readonly requirement: DecimalShape;
}

export interface DecimalsAction extends v.BaseValidation<number, number, DecimalsIssue> {
  readonly type: "decimals";
  readonly reference: typeof decimals;
  readonly expects: string;
  readonly requirement: DecimalShape;
}

/**
 * How far from a decimal, as a fraction of the value, a double may be and still mean that decimal. Sums and
 * readers of decimals leave errors of a few units in the 16th digit (35 × 0.01 is 0.35000000000000003), which are
 * not a third decimal place. At 15 digits this stays far below half of the last place.
 */
export const DECIMAL_TOLERANCE = 1e-14;

/** From here on a double cannot hold `scale` places; the column's own range has already refused the value. */
export function decimalsCheckedBelow(shape: DecimalShape): number {
  return 10 ** (15 - shape.scale);
}

/**
 * A validation action: the number has at most `scale` digits after the point, so a cast to DECIMAL keeps it.
 *
 * The arithmetic is plain IEEE 754 in this order, and the SQL compiler writes the same operations: the two agree
 * to the last bit. `floor(x + 0.5)` because `round` treats halves differently on every engine.
 */
export function decimals(precision: number, scale: number): DecimalsAction {
  return {
    kind: "validation",
    type: "decimals",
    reference: decimals,
    async: false,
    expects: `at most ${scale} decimals`,
    requirement: { precision, scale },
    "~run"(dataset, config) {
      if (dataset.typed && !hasDecimals(dataset.value, this.requirement)) {
        v._addIssue(this, "decimals", dataset, config, { received: `${dataset.value}` });
      }
      return dataset;
    },
  };
}

function hasDecimals(value: number, shape: DecimalShape): boolean {
  if (!(Math.abs(value) < decimalsCheckedBelow(shape))) return true;
  const unit = 10 ** shape.scale;
  const nearest = Math.floor(value * unit + 0.5) / unit;
  return !(Math.abs(nearest - value) > Math.abs(value) * DECIMAL_TOLERANCE);
}
