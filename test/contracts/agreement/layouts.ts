import type { Contract, PhysicalColumn } from "@penstock/contracts";

/** Logical type → the stored types to deal out over its columns; text for a type that is not there. */
export type Layout = Readonly<Record<string, readonly string[]>>;

/** How files store the logical types. Every row is judged in every layout; a list is dealt out over the columns. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  "the contract's own types": {
    integer: ["BIGINT"],
    decimal: ["DECIMAL(10,2)", "DECIMAL(12,2)"],
    boolean: ["BOOLEAN"],
    double: ["DOUBLE"],
    timestamp: ["TIMESTAMP"],
    date: ["DATE"],
  },
  "doubles and times with a zone": {
    integer: ["DOUBLE"],
    decimal: ["DOUBLE"],
    boolean: ["BOOLEAN"],
    double: ["FLOAT"],
    timestamp: ["TIMESTAMP WITH TIME ZONE"],
    date: ["VARCHAR"],
  },
  "other widths": {
    integer: ["HUGEINT", "UBIGINT", "INTEGER", "FLOAT", "DECIMAL(38,3)", "DECIMAL(9,0)"],
    decimal: ["DECIMAL(38,18)", "DECIMAL(15,3)", "BIGINT", "DECIMAL(30,2)", "DOUBLE"],
    boolean: ["BOOLEAN"],
    double: ["BIGINT", "DECIMAL(38,10)", "DECIMAL(12,4)"],
    timestamp: ["TIMESTAMP_NS", "TIMESTAMP_MS", "DATE", "TIMESTAMP_S"],
    date: ["DATE"],
  },
  "text, as CSV has it": {
    integer: ["VARCHAR"],
    decimal: ["VARCHAR"],
    boolean: ["VARCHAR"],
    timestamp: ["VARCHAR"],
  },
};

/** The columns of a file of the contract's own names in a layout. */
export function physicalColumns(contract: Contract, layout: Layout): PhysicalColumn[] {
  return contract.columns.map((column, index) => {
    const types = layout[column.type] ?? ["VARCHAR"];
    return { name: column.name, type: types[index % types.length] ?? "VARCHAR" };
  });
}
