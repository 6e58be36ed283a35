import type { Column } from "@penstock/contracts";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, parquetWrite } from "hyparquet-writer";
import type { Cell, Row } from "./population.ts";

/**
 * How an object holds its cells: `typed` as the contract's types, `double` with amounts as DOUBLE, which is
 * what data frames write, `text` as text throughout, which is what an export through CSV gives.
 */
export const forms = ["typed", "double", "text"] as const;
export type Form = (typeof forms)[number];

/**
 * Rows as one Snappy Parquet file. A `typed` file takes numbers for moments (milliseconds since 1970) and
 * amounts, a `text` file also takes text in any column, which is how a cell that does not read is planted.
 */
export function parquetBytes(columns: readonly Column[], rows: readonly Row[], form: Form): Uint8Array {
  const elements = columns.map((column) => element(column, form));
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    schema: [{ name: "root", num_children: columns.length }, ...elements],
    columnData: columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => physical(row[column.name] ?? null, column, form)),
    })),
    rowGroupSize: 50_000,
    // Nobody prunes by them, and they take as long as compressing does.
    statistics: false,
    createdBy: "penstock sample",
  });
  return writer.getBytes();
}

function element(column: Column, form: Form): SchemaElement {
  const base = { name: column.name, repetition_type: "OPTIONAL" } as const;
  const text = { ...base, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  if (form === "text") return text;
  if (form === "double" && column.type === "decimal") return { ...base, type: "DOUBLE" };
  switch (column.type) {
    case "string":
      return text;
    case "integer":
      return { ...base, type: "INT64" };
    case "decimal":
      return {
        ...base,
        type: "INT64",
        converted_type: "DECIMAL",
        precision: column.precision ?? 18,
        scale: column.scale ?? 0,
      };
    case "double":
      return { ...base, type: "DOUBLE" };
    case "boolean":
      return { ...base, type: "BOOLEAN" };
    case "timestamp":
      return {
        ...base,
        type: "INT64",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" },
      };
    case "date":
      return { ...base, type: "INT32", converted_type: "DATE" };
  }
}

function physical(cell: Cell, column: Column, form: Form): Cell | bigint {
  if (cell === null) return null;
  if (form === "text") return textForm(cell, column);
  if (typeof cell === "number") {
    if (column.type === "integer") return BigInt(cell);
    if (column.type === "decimal" && form === "typed")
      return BigInt(Math.round(cell * 10 ** (column.scale ?? 0)));
    if (column.type === "timestamp") return BigInt(cell) * 1000n;
    if (column.type === "date") return Math.floor(cell / 86_400_000);
  }
  return cell;
}

function textForm(cell: Exclude<Cell, null>, column: Column): string {
  if (typeof cell !== "number") return String(cell);
  if (column.type === "timestamp") return new Date(cell).toISOString().slice(0, 19).replace("T", " ");
  if (column.type === "date") return new Date(cell).toISOString().slice(0, 10);
  if (column.type === "decimal") return cell.toFixed(column.scale ?? 0);
  return String(cell);
}
