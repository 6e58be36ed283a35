import { type CreateTableAs, UnsupportedSql } from "@penstock/runtime";
import type { CatalogClient } from "./catalog-client.ts";
import { glueType } from "./glue-type.ts";
import type { QueryOrder } from "./query-protocol.ts";
import { QueryRefused } from "./query-refused.ts";
import { s3, type Writing, type WrittenFiles, writeFiles } from "./write-out.ts";

/**
 * CREATE TABLE AS: the rows as Parquet to the table's place, and the table with its partitions into the catalogue.
 * Undefined for a table that is there and may stay. @throws QueryRefused, UnsupportedSql
 */
export async function createTable(
  duckdb: string,
  wanted: CreateTableAs,
  { output, outputEnforced }: QueryOrder,
  writing: Writing & { readonly catalog: CatalogClient; readonly position: string },
): Promise<{ readonly prefix: string; readonly files: WrittenFiles } | undefined> {
  const { catalog, position, id, session } = writing;
  const { database, table, partitionedBy, compression } = wanted;
  if (outputEnforced && wanted.location !== undefined) {
    throw new QueryRefused(
      "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena " +
        "Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' " +
        "property and resubmit the query.",
    );
  }
  if (!(await catalog.hasDatabase(database)))
    throw new QueryRefused(`SCHEMA_NOT_FOUND: ${position}: Schema ${database} not found`);
  if ((await catalog.table(database, table)) !== undefined) {
    if (wanted.ifNotExists) return undefined;
    throw new QueryRefused(
      `TABLE_ALREADY_EXISTS: ${position}: Destination table 'awsdatacatalog.${database}.${table}' already exists`,
    );
  }
  const names = (await session.rows(`DESCRIBE ${duckdb}`)).map((row) => String(row.column_name));
  const unnamed = names.findIndex((name) => /^_col\d+$/.test(name));
  if (unnamed !== -1)
    throw new QueryRefused(
      `MISSING_COLUMN_NAME: ${position}: Column name not specified at position ${unnamed + 1}`,
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new QueryRefused(
      `DUPLICATE_COLUMN_NAME: ${position}: Column name '${twice}' specified more than once`,
    );
  const place = wanted.location ?? `${output}tables/${id}/`;
  const prefix = s3(place.endsWith("/") ? place : `${place}/`);
  const files = await writeFiles(
    duckdb,
    { named: `table '${database}.${table}'`, prefix, compression, partitionedBy },
    writing,
  );
  const columns = (await session.describe("written")).map(({ name, type }) => {
    const written = glueType(type);
    if (written === undefined) throw new UnsupportedSql(`a table with the type ${type} of ${name}`);
    return { Name: name.toLowerCase(), Type: written };
  });
  const own = columns.length - partitionedBy.length;
  const descriptor = (location: string) => ({
    Columns: columns.slice(0, own),
    Location: location,
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
  });
  await catalog.createTable(
    database,
    {
      Name: table,
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: columns.slice(own),
      Parameters: {
        EXTERNAL: "TRUE",
        classification: "parquet",
        "parquet.compression": compression.toUpperCase(),
      },
      StorageDescriptor: descriptor(prefix),
    },
    partitionedBy.length === 0
      ? []
      : files.folders.map((folder) => ({
          Values: folder
            .split("/")
            .slice(0, -1)
            .map((part) => decodeURIComponent(part.slice(part.indexOf("=") + 1))),
          StorageDescriptor: descriptor(`${prefix}${folder}`),
        })),
  );
  return { prefix, files };
}
