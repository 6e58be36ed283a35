import * as v from "valibot";
import { decimals } from "../actions/decimals.ts";

/** A number with at most `scale` digits after the point, from `min` to the greatest of `precision` digits. */
export function decimal(precision: number, scale: number, min: number) {
  const greatest = (10 ** precision - 1) / 10 ** scale;
  return v.pipe(v.number(), v.finite(), decimals(precision, scale), v.minValue(min), v.maxValue(greatest));
}
