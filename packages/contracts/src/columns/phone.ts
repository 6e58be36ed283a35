import { code } from "./code.ts";

/** A phone number near E.164: 7 to 15 digits, `+` before, separators between; or masked, `***-***-1234`. */
export function phone() {
  return code(/^(?:[+]?[(]?[0-9](?:[ ().-]{0,2}[0-9]){6,14}|[*]{3}-[*]{3}-[0-9]{4})$/);
}
