import type { CopilotValue } from "@penstock/contracts";

/** Decimals of at most so many digits come out of a double as they went in. */
const EXACT_DIGITS = 15;

/** A value of Athena's, which writes all of them as texts, by its type. */
export function readValue(value: string | null, type: string): CopilotValue {
  if (value === null) return null;
  switch (type) {
    case "boolean":
      return value === "true";
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "decimal":
      return value.replace(/[^0-9]/g, "").length <= EXACT_DIGITS ? Number(value) : value;
    case "double":
    case "float":
    case "real":
      // What is no number (0 through 0) or beyond all numbers is none in an answer.
      return Number.isFinite(Number(value)) ? Number(value) : null;
    default:
      return value;
  }
}
