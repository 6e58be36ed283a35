import * as v from "valibot";
import { isCalendarDate } from "./calendar.ts";

const FORM = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Whether a value is a day of the calendar as `2025-01-16`. */
export function isDate(value: unknown): value is string {
  const parts = typeof value === "string" ? FORM.exec(value) : null;
  return parts !== null && isCalendarDate(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

/** A schema for the same reason as `isoTimestamp`: what is no date has the wrong type. */
export const isoDate = v.custom<string>(isDate, "Expected an ISO 8601 calendar date");
