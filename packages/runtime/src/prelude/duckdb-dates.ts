/**
 * Whole days between two moments, or dates, as Trino and Spark count them: of 24 hours each, towards zero. DuckDB's own
 * function of that name counts the midnights between, so the macro takes its place.
 */
export const dateMacros: readonly string[] = [
  "CREATE MACRO date_diff(unit, since, until) AS date_sub(unit, since, until)",
];
