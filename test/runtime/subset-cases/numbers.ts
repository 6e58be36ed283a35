import { of, type SubsetCase } from "./subset-case.ts";

/** Arithmetic. */
export const numberCases: readonly SubsetCase[] = [
  of("+ and − of integers", "n + 1 - 2", -1, -8, 9007199254740990, null, 6),
  of("* of an integer and a double", "n * 0.5E0", 0, -3.5, 4503599627370495.5, null, 3.5),
  of("/ by a double", "n / 2E0", 0, -3.5, 4503599627370495.5, null, 3.5),
  of("/ by NULLIF(…, 0) is NULL for 0", "7E0 / NULLIF(d, 0E0) > 0E0", null, false, true, null, true),
  of("− in front", "-n", 0, 7, -9007199254740991, null, -7),
  of("abs", "abs(d)", 0, 2.5, 1e300, null, 2.5),
  // Below 2^63: beyond it Spark's floor ends.
  of(
    "floor goes down for negative numbers",
    "CASE WHEN abs(d) < 1E18 THEN floor(d) + 0E0 < d END",
    false,
    true,
    null,
    null,
    true,
  ),
  of("sqrt, to the last digit", "sqrt(abs(d * 4E0))", 0, Math.sqrt(10), 2e150, null, Math.sqrt(10)),
  of("parentheses come first", "-(n - 1) + 1", 2, 9, -9007199254740989, null, -5),
  of(
    "decimals add and multiply exactly",
    "CAST(p * CAST('3' AS DECIMAL(1, 0)) + p AS DECIMAL(20, 2))",
    0,
    -0.04,
    399999999.96,
    null,
    50,
  ),
  of("numbers with an exponent are doubles", "1.5E0 * 2E0 = 3E0", true, true, true, true, true),
  of(
    "round of a double goes away from zero",
    "round(CASE WHEN abs(d) < 1E9 THEN d END)",
    0,
    -3,
    null,
    null,
    3,
  ),
  of("round of decimals to digits", "round(p, 1)", 0, 0, 100000000, null, 12.5),
];
