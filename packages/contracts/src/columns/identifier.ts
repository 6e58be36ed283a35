import * as v from "valibot";

/** Marks a string that names a thing: never scanned for card numbers, since masking it would cut every join. */
export const IDENTIFIER = { "x-content": "identifier" } as const;

/** An opaque id: 1 to 64 letters, digits, `_` or `-`. Fits UUIDs, 32-digit hexadecimal ids and `ord_0000001`. */
export function identifier() {
  return v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxCodePoints(64), v.metadata(IDENTIFIER));
}
