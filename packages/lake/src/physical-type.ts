import type { SchemaTree } from "hyparquet";

/**
 * The type that DuckDB reads a Parquet column as, from the footer alone, so that a file is compared with its contract
 * before a byte of it is downloaded and the plan for Spark needs no DuckDB.
 * Source: `ParquetReader::DeriveLogicalType` of DuckDB; a test compares both over every type.
 */
export function physicalType({ element, children }: SchemaTree): string {
  if (element.repetition_type === "REPEATED") return "LIST";
  if (children.length > 0) return element.logical_type?.type ?? element.converted_type ?? "STRUCT";
  const decimal = decimalType(element);
  if (decimal !== undefined) return decimal;
  switch (element.type) {
    case "BOOLEAN":
    case "DOUBLE":
    case "FLOAT":
      return element.type;
    case "INT32":
    case "INT64":
      return temporalType(element) ?? integerType(element);
    case "INT96":
      return "TIMESTAMP";
    case "BYTE_ARRAY":
      return isText(element) ? "VARCHAR" : (otherBytes(element) ?? "BLOB");
    case "FIXED_LEN_BYTE_ARRAY":
      return otherBytes(element) ?? "BLOB";
    default:
      return "UNKNOWN";
  }
}

type Element = SchemaTree["element"];

function decimalType({
  logical_type: logical,
  converted_type,
  precision,
  scale,
}: Element): string | undefined {
  if (logical?.type === "DECIMAL") return `DECIMAL(${logical.precision},${logical.scale ?? 0})`;
  return converted_type === "DECIMAL" ? `DECIMAL(${precision},${scale ?? 0})` : undefined;
}

function temporalType({ logical_type: logical, converted_type: converted }: Element): string | undefined {
  if (logical?.type === "TIMESTAMP") {
    if (logical.isAdjustedToUTC) return "TIMESTAMP WITH TIME ZONE";
    return logical.unit === "NANOS" ? "TIMESTAMP_NS" : "TIMESTAMP";
  }
  if (logical?.type === "TIME") return logical.isAdjustedToUTC ? "TIME WITH TIME ZONE" : "TIME";
  if (logical?.type === "DATE" || converted === "DATE") return "DATE";
  if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") return "TIMESTAMP";
  if (converted === "TIME_MILLIS" || converted === "TIME_MICROS") return "TIME";
  return undefined;
}

function integerType({ type, logical_type: logical, converted_type: converted }: Element): string {
  const named = /^(U?)INT_(\d+)$/.exec(converted ?? "");
  const bits =
    logical?.type === "INTEGER" ? logical.bitWidth : Number(named?.[2] ?? (type === "INT32" ? 32 : 64));
  const unsigned = logical?.type === "INTEGER" ? !logical.isSigned : named?.[1] === "U";
  const name = { 8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT" }[bits] ?? "UNKNOWN";
  return unsigned ? `U${name}` : name;
}

function isText({ logical_type: logical, converted_type: converted }: Element): boolean {
  return (
    logical?.type === "STRING" || logical?.type === "ENUM" || converted === "UTF8" || converted === "ENUM"
  );
}

function otherBytes({ logical_type: logical, converted_type: converted }: Element): string | undefined {
  if (logical?.type === "JSON" || converted === "JSON") return "JSON";
  if (logical?.type === "UUID") return "UUID";
  if (logical?.type === "FLOAT16") return "FLOAT";
  return converted === "INTERVAL" ? "INTERVAL" : undefined;
}
