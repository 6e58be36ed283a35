/**
 * The text forms of values in files that have only text (CSV). One list for the SQL and the JavaScript reader, in
 * the subset of regular expressions that every engine reads alike; each is the body between `^` and the end.
 * A cell in any other form keeps its text, and so has the wrong type.
 */

/** `12`, `-0.5`, `17850.0`, `1.5e-3`. No sign `+`, no grouping, no NaN or Infinity, no exponent that overflows. */
export const NUMBER_FORM = "-?[0-9]{1,30}(?:[.][0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?";

const YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})";

/** `2025-01-16`. The calendar is checked after the form. */
export const DATE_FORM = `${YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`;

/** A date alone (its midnight), or with a time after `T` or a space, in UTC: no zone, `Z` or `+00:00`. */
export const TIMESTAMP_FORM = `${DATE_FORM}(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?(?:Z|[+]00:00)?)?`;

/** True and false as databases, spreadsheets and Python write them. */
export const TRUE_FORMS = ["true", "True", "TRUE", "1"] as const;
export const FALSE_FORMS = ["false", "False", "FALSE", "0"] as const;
