import { code } from "./code.ts";

/** A card's security code. It is checked on arrival and never kept. */
export function cvv() {
  return code(/^[0-9]{3,4}$/);
}
