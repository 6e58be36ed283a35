import * as v from "valibot";

/**
 * An e-mail address in ASCII with a dotted domain, at most 254 characters (RFC 5321). `*` is let through in the
 * name, so that the masked form `j***@example.com` is valid as well.
 */
export function email() {
  return v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9._%+'*-]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)+$/),
    v.maxCodePoints(254),
  );
}
