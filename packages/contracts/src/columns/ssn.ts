import { code } from "./code.ts";

/** A US social security number, with its dashes or as nine digits; or masked, `***-**-6789`. */
export function ssn() {
  return code(/^(?:[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{9}|[*]{3}-[*]{2}-[0-9]{4})$/);
}
