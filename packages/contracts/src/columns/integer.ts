import * as v from "valibot";

/** A whole number from `min` to `max`; both within ±(2^53 − 1), where a double still tells neighbours apart. */
export function integer(min: number, max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
}
