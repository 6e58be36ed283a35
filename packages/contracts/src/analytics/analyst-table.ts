import type { GlueColumn, GlueTable } from "../compile/glue.ts";

/** A type that Parquet, Glue, Trino and DuckDB all have. */
export type AnalystType =
  | "bigint"
  | "boolean"
  | "date"
  | "double"
  | "string"
  | "timestamp"
  | `decimal(${number},${number})`;

/** A table that analysts read: of a mart or of a report. Written whole, once per build. */
export interface AnalystTable {
  readonly name: string;
  readonly description: string;
  /** The columns of the Parquet objects, in their order. */
  readonly columns: readonly (GlueColumn & { readonly type: AnalystType })[];
  /** Columns that stand in the keys (`build=…/month=…/`), as texts; the first is always `build`. */
  readonly partitionKeys: readonly GlueColumn[];
  /** Columns by which the rows of an object are sorted; together they are unique within a build. */
  readonly orderBy: readonly string[];
}

/** What an analyst's table is defined by. */
export interface AnalystTableDefinition {
  readonly name: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, readonly [type: AnalystType, comment: string]>>;
  /** Partition keys below `build`, with what each holds. */
  readonly partitionBy?: Readonly<Record<string, string>>;
  readonly orderBy: readonly string[];
}

/** Builds of a table sort by time: the greatest is the latest. */
const build: GlueColumn = { name: "build", type: "string", comment: "the build that wrote the row" };

/** Makes a table of its definition. @throws Error when a column to sort by is not there: a defect of ours */
export function analystTable(definition: AnalystTableDefinition): AnalystTable {
  const { name, description, orderBy, partitionBy = {} } = definition;
  const columns = Object.entries(definition.columns).map(([column, [type, comment]]) => ({
    name: column,
    type,
    comment,
  }));
  const keys = Object.entries(partitionBy).map(([key, comment]) => ({ name: key, type: "string", comment }));
  const known = new Set([...columns, ...keys].map((column) => column.name));
  const missing = orderBy.filter((column) => !known.has(column));
  if (missing.length > 0)
    throw new Error(`${name} is to be sorted by ${missing.join(", ")}, no columns of it`);
  return { name, description, columns, partitionKeys: [build, ...keys], orderBy };
}

/** The Glue table over an analyst's table; where its objects lie is the deployment's to say. */
export function analystGlueTable({ name, description, columns, partitionKeys }: AnalystTable): GlueTable {
  return {
    name,
    description,
    columns,
    partitionKeys,
    parameters: { classification: "parquet", "parquet.compression": "SNAPPY" },
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  };
}
