import * as v from "valibot";

/** Whose keys those are of a program's: its id stays out of them. */
export const ANONYMOUS = "anonymous";

/**
 * Who a caller is: the subject of their access token. A person's is a UUID of the user pool, a program's its client id.
 * It becomes part of keys, so nothing else is taken.
 */
export const Subject = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/),
  v.notValue(ANONYMOUS),
  v.description("The subject of an access token"),
);
export type Subject = v.InferOutput<typeof Subject>;

/** Whose keys they are: a person's subject, `anonymous` for a program. */
export const KeyOwner = v.union([Subject, v.literal(ANONYMOUS)]);
export type KeyOwner = v.InferOutput<typeof KeyOwner>;

/** Somebody who asks, by their token alone. */
export interface Caller {
  readonly subject: Subject;
  /** Whether it is a person, not a program. */
  readonly person: boolean;
}

/** Whose keys a caller's objects have. */
export function keyOwner({ subject, person }: Caller): KeyOwner {
  return person ? subject : ANONYMOUS;
}
