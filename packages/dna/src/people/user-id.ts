import { randomBytes } from "node:crypto";
import type { UserId } from "@penstock/contracts";

/** Crockford's base32: no i, l, o and u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Letters for 128 bits, five in each. */
const LENGTH = 26;

/** An id for a person: 128 random bits, so that nobody meets one by chance or by trying. */
export function newUserId(random: (bytes: number) => Uint8Array = randomBytes): UserId {
  let rest = random(16).reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  let letters = "";
  for (let place = 0; place < LENGTH; place += 1) {
    letters = `${ALPHABET[Number(rest % 32n)]}${letters}`;
    rest /= 32n;
  }
  return `usr_${letters}`;
}
