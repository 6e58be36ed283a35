import type * as v from "valibot";

/** What a value means, whatever a file stores it as. Curated Parquet, Glue and JSON Schema follow from it. */
export type LogicalType = "string" | "integer" | "decimal" | "double" | "boolean" | "timestamp" | "date";

/** How a sensitive column is masked: `pan` keeps the last four digits, `cvv` is dropped, the rest by their class. */
export type SensitiveClass = "pan" | "cvv" | "ssn" | "email" | "phone";

/** A column, derived from its schema when the contract is built. */
export interface Column {
  readonly name: string;
  readonly type: LogicalType;
  /** Of a decimal: total digits, at most 15, so that a double holds every value. */
  readonly precision?: number;
  /** Of a decimal: digits after the point. */
  readonly scale?: number;
  /** NULL is allowed. */
  readonly nullable: boolean;
  /** The file may lack the column; implies `nullable`. */
  readonly optional: boolean;
  readonly sensitive?: SensitiveClass;
  /** People type into it, with room for 13 digits: it is scanned for card numbers. */
  readonly freeText: boolean;
  readonly description?: string;
}

/** `columns` of a row name the row of `table` whose `to` columns are equal. A NULL refers to nothing. */
export interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly to: readonly string[];
}

/** One comparison of two columns of a row. It holds when either is NULL or could not be read. */
export interface Comparison {
  readonly left: string;
  readonly operator: "<" | "<=" | "=" | ">=" | ">";
  readonly right: string;
}

/** A rule over several columns of one row; its name is what quarantine reports. */
export interface RowRule {
  readonly name: string;
  readonly description: string;
  readonly holds: Comparison;
}

/** Where files of a table come from and what they call its columns. */
export interface Source {
  /** Base names without extension that mean this table in a folder of files. */
  readonly files: readonly string[];
  /** Source column → contract column, for every column that the source may have. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One table, written once: everything else about it is compiled from this. */
export interface Contract {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly schema: v.StrictObjectSchema<v.ObjectEntries, undefined>;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  /** Of rows with one key, the one with the greatest value here is the current one. */
  readonly latestBy: string;
  readonly references: readonly Reference[];
  readonly sensitive: Readonly<Record<string, SensitiveClass>>;
  readonly partitionBy: readonly string[];
  readonly rules: readonly RowRule[];
  readonly sources: Readonly<Record<string, Source>>;
}
