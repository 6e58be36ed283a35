import { code } from "../columns/code.ts";
import { text } from "../columns/text.ts";

/** The first five digits of a postal code, leading zeros kept. */
export function zipCodePrefix() {
  return code(/^[0-9]{5}$/);
}

/** A city as its owner typed it: real files hold "sp / sp", an e-mail address and a bare postal code. */
export function city() {
  return text(100, 1);
}

/** A state as two capital letters. */
export function state() {
  return code(/^[A-Z]{2}$/);
}
