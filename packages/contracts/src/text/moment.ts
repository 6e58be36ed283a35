import * as v from "valibot";

/** A moment in an answer or a record: ISO 8601, UTC. */
export const moment = (what: string) =>
  v.pipe(v.string(), v.isoTimestamp(), v.description(`${what}, ISO 8601, UTC`));
