import * as v from "valibot";

/**
 * A sensitive value of a known form. Its pattern also admits the form that masking leaves, so that a curated row
 * is valid by the contract it was checked with, and a file that was masked upstream is not refused for it.
 */
export function sensitiveText(pattern: RegExp, max: number) {
  return v.pipe(v.string(), v.regex(pattern), v.maxCodePoints(max));
}
