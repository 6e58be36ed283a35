import type { ExpressionCase } from "./answer.ts";

/** Edge values of arrays by Trino's rules. */
export const listCases: readonly ExpressionCase[] = [
  ["an element", "ARRAY[1, 2][2]", 2],
  ["element_at behind the end is NULL", "element_at(ARRAY[1], 5)", null],
  ["element_at from the end", "element_at(ARRAY[1, 2], -1)", 2],
  ["cardinality", "cardinality(ARRAY[])", 0],
  ["contains may not know", "contains(ARRAY[1, NULL], 2)", null],
  ["contains finds", "contains(ARRAY[1, NULL], 1)", true],
  ["contains does not find", "contains(ARRAY[1], 2)", false],
  ["array_join passes over NULL", "array_join(ARRAY[1, NULL, 3], ',')", "1,3"],
  ["array_sort has NULL last", "array_join(array_sort(ARRAY[3, NULL, 1]), ',')", "1,3"],
  ["array_distinct takes NULL for a value", "cardinality(array_distinct(ARRAY[1, NULL, 1, NULL]))", 2],
  ["array_max of NULL is NULL", "array_max(ARRAY[1, NULL])", null],
  ["array_min", "array_min(ARRAY[2, 1])", 1],
  ["array_position of what is not there", "array_position(ARRAY[1], 2)", 0],
  ["slice from the end", "array_join(slice(ARRAY[1, 2, 3], -2, 1), ',')", "2"],
  ["arrays one after the other", "array_join(ARRAY[1] || ARRAY[2], ',')", "1,2"],
  ["a sequence has both ends", "array_join(sequence(5, 1, -2), ',')", "5,3,1"],
  ["a sequence of days", "cardinality(sequence(DATE '2025-02-27', DATE '2025-03-01', INTERVAL '1' DAY))", 3],
  [
    "a sequence of months",
    "element_at(sequence(DATE '2025-01-31', DATE '2025-04-01', INTERVAL '1' MONTH), 1)",
    "2025-01-31",
  ],
];
