import * as v from "valibot";
import { isCalendarDate } from "./calendar.ts";

const FORM =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?$/;

/** Whether a value is a moment as `2025-01-16T08:00:00`: UTC without a zone, up to six digits of a second. */
export function isTimestamp(value: unknown): value is string {
  const parts = typeof value === "string" ? FORM.exec(value) : null;
  return parts !== null && isCalendarDate(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

/**
 * A schema rather than an action on a string: a value that is no moment has the wrong type, and no later rule of
 * the column is judged on it, exactly as none is judged on a cell that an engine could not read.
 */
export const isoTimestamp = v.custom<string>(
  isTimestamp,
  "Expected an ISO 8601 timestamp in UTC without zone",
);
