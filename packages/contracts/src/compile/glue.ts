import type { Column, Contract } from "../contract.ts";

/** A column as the Glue catalogue and Athena name its type. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** The parts of a Glue table that follow from a contract; where its objects lie is the deployment's to say. */
export interface GlueTable {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serializationLibrary: string;
}

/** The columns of curated objects, in contract order. A `cvv` column is never there. */
export function glueColumns(contract: Contract): GlueColumn[] {
  return contract.columns
    .filter((column) => column.sensitive !== "cvv")
    .map((column) => ({ name: column.name, type: glueType(column), comment: commentOf(column) }));
}

/** The Glue table over a contract's curated Parquet objects. */
export function glueTable(contract: Contract): GlueTable {
  return {
    name: contract.name,
    description: contract.description,
    columns: glueColumns(contract),
    partitionKeys: contract.partitionBy.map((name) => ({ name, type: "string", comment: "of the arrival" })),
    parameters: {
      classification: "parquet",
      "parquet.compression": "SNAPPY",
      "penstock.contract.version": String(contract.version),
      "penstock.primary_key": contract.primaryKey.join(","),
    },
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  };
}

function glueType(column: Column): string {
  if (column.type === "integer") return "bigint";
  return column.type === "decimal" ? `decimal(${column.precision},${column.scale})` : column.type;
}

function commentOf(column: Column): string {
  const masked = column.sensitive === undefined ? [] : [`masked ${column.sensitive}`];
  const given = column.description === undefined ? [] : [column.description];
  return [...given, ...masked, ...(column.nullable ? [] : ["never null"])].join("; ");
}
