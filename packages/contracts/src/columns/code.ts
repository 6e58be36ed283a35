import * as v from "valibot";

/** Text of one fixed form, such as a postal code. The pattern must be anchored at both ends. */
export function code(pattern: RegExp) {
  return v.pipe(v.string(), v.regex(pattern));
}
