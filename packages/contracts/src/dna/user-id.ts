import * as v from "valibot";

/**
 * Stands for a person in keys, tables and logs: `usr_` and 128 random bits in Crockford's base32. It says nothing of
 * whose it is; a table maps a keyed hash of the e-mail address to it.
 */
export const UserId = v.pipe(
  v.string("Give a user's id, as the registration answered it."),
  v.regex(/^usr_[0-9a-hjkmnp-tv-z]{26}$/, "Give a user's id, as the registration answered it."),
  v.description("A user's id: usr_ and 26 letters and digits"),
);
export type UserId = v.InferOutput<typeof UserId>;
