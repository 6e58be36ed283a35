import * as v from "valibot";
import { wellFormed } from "../actions/well-formed.ts";

/** Text that people wrote, `min` to `max` Unicode code points long (as every SQL engine counts). */
export function text(max: number, min = 0) {
  return min === 0
    ? v.pipe(v.string(), wellFormed(), v.maxCodePoints(max))
    : v.pipe(v.string(), wellFormed(), v.minCodePoints(min), v.maxCodePoints(max));
}
