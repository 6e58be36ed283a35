import { sensitiveText } from "./sensitive-text.ts";

/** A card's security code. It is checked on arrival and never kept. */
export function cvv() {
  return sensitiveText(/^[0-9]{3,4}$/, 4);
}
