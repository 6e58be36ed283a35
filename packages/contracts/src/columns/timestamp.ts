import * as v from "valibot";
import { isoTimestamp } from "../actions/iso-timestamp.ts";

/**
 * A moment of business, in UTC. Placeholders that systems write for "never" (1900-01-01, 9999-12-31) are moments
 * too, and wrong ones: the range from 1970 to 2099 refuses them.
 *
 * The limits have the shortest and the longest form of a second on purpose: compared as text, as valibot does,
 * they then order against every other form as the moments do.
 */
export function timestamp() {
  return v.pipe(isoTimestamp, v.minValue("1970-01-01T00:00:00"), v.maxValue("2099-12-31T23:59:59.999999"));
}
