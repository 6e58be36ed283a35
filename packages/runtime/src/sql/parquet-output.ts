import { UnsupportedSql } from "../errors.ts";

/** How a statement writes the rows of its query, as Parquet. */
export interface ParquetOutput {
  readonly compression: "snappy" | "gzip" | "zstd" | "uncompressed";
  /** The last columns of the query, which become folders. */
  readonly partitionedBy: readonly string[];
}

const COMPRESSIONS: Readonly<Record<string, ParquetOutput["compression"]>> = {
  GZIP: "gzip",
  NONE: "uncompressed",
  SNAPPY: "snappy",
  ZSTD: "zstd",
};

/**
 * Reads the properties of a statement that writes. @throws UnsupportedSql naming the property
 *
 * @param named what the statement calls its compression; Athena compresses Parquet with gzip when it is told nothing
 */
export function parquetOutput(
  statement: string,
  properties: ReadonlyMap<string, readonly string[]>,
  named: readonly string[],
  others: readonly string[] = [],
): ParquetOutput {
  const known = new Set(["format", "partitioned_by", ...named, ...others]);
  const foreign = [...properties.keys()].filter((name) => !known.has(name));
  if (foreign.length > 0) throw new UnsupportedSql(`${statement} with ${foreign.join(", ")}`);
  const given = named.flatMap((name) => properties.get(name) ?? []);
  const wanted = given[0]?.toUpperCase() ?? "GZIP";
  const compression = COMPRESSIONS[wanted];
  if (compression === undefined || given.length > 1)
    throw new UnsupportedSql(`${statement} with the compression ${given.join(" and ")}`);
  const partitionedBy = (properties.get("partitioned_by") ?? []).map((name) => name.toLowerCase());
  return { compression, partitionedBy };
}
