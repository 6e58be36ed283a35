import { code } from "./code.ts";

/** A card number: 13 to 19 digits, single spaces or dashes between; or masked, twelve stars and four digits. */
export function pan() {
  return code(/^(?:[0-9](?:[ -]?[0-9]){12,18}|[*]{12}[0-9]{4})$/);
}
