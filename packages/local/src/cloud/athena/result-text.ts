import type { PhysicalColumn } from "@penstock/contracts";
import type { ResultColumn } from "./query-protocol.ts";

const athenaTypes: Readonly<Record<string, readonly [string, number]>> = {
  BIGINT: ["bigint", 19],
  BLOB: ["varbinary", 1_073_741_824],
  BOOLEAN: ["boolean", 0],
  DATE: ["date", 0],
  DOUBLE: ["double", 17],
  FLOAT: ["float", 17],
  // A sum of integers; Athena would have made it bigint or refused it.
  HUGEINT: ["bigint", 19],
  INTEGER: ["integer", 10],
  SMALLINT: ["smallint", 5],
  TIMESTAMP: ["timestamp", 3],
  "TIMESTAMP WITH TIME ZONE": ["timestamp with time zone", 3],
  TINYINT: ["tinyint", 3],
};
const DECIMAL = /^DECIMAL\((\d+),(\d+)\)$/;
/** Athena's precision of text. */
const longestText = 2_147_483_647;

/** A column of a result as Athena tells of it. */
export function resultColumn({ name, type }: PhysicalColumn): ResultColumn {
  const decimal = DECIMAL.exec(type);
  if (decimal !== null) {
    return { name, type: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  }
  const [known, precision] = athenaTypes[type] ?? [type.endsWith("[]") ? "array" : "varchar", longestText];
  return { name, type: known, precision, scale: 0 };
}

/** A value of a row in record form, of a type of DuckDB's, as Athena writes it; null for NULL. */
export function resultText(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const element = type.replace(/\[\]$/, "");
    return `[${value.map((each) => resultText(each, element) ?? "null").join(", ")}]`;
  }
  const decimal = DECIMAL.exec(type);
  if (decimal !== null) return Number(value).toFixed(Number(decimal[2]));
  switch (type) {
    case "DOUBLE":
    case "FLOAT":
      return typeof value === "number" ? javaDouble(value) : String(value);
    case "TIMESTAMP":
      return milliseconds(String(value));
    case "TIMESTAMP WITH TIME ZONE":
      return `${milliseconds(String(value).replace(/\+00$/, ""))} UTC`;
    default:
      return String(value);
  }
}

/** `2025-01-16T08:00:00` → `2025-01-16 08:00:00.000`. */
function milliseconds(instant: string): string {
  const [seconds = "", fraction = ""] = instant.replace("T", " ").split(".");
  return `${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}`;
}

/** As Java writes a double: `1.0`, `1.5E10`. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** Athena's CSV: a line of names, every text in quotes, nothing for NULL. */
export function csv(columns: readonly ResultColumn[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (values: readonly (string | null)[]) =>
    `${values.map((value) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`)).join(",")}\n`;
  return [line(columns.map(({ name }) => name)), ...rows.map(line)].join("");
}
