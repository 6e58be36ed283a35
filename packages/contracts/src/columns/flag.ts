import * as v from "valibot";

/** True or false. */
export function flag() {
  return v.boolean();
}
