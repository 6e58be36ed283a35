import { decimal } from "./decimal.ts";

/** An amount of the shop's one currency, not negative: DECIMAL(10,2), so up to 99,999,999.99. */
export function money() {
  return decimal(10, 2, 0);
}
