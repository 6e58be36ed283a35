import { contracts, type GlueTable, glueTable } from "@penstock/contracts";
import { named, settings } from "./lib/identity.ts";
import { curated } from "./storage.ts";

/** The curated tables as Athena and Spark see them. Glue allows no dashes in what SQL is to name without quotes. */
export const database = new aws.glue.CatalogDatabase("CuratedDatabase", {
  name: named("curated").replaceAll("-", "_"),
  description: "Rows that hold their contract, masked",
  locationUri: $interpolate`s3://${curated.name}/ecommerce/`,
});

const { firstYear, lastYear } = settings.catalog;

/**
 * Partitions by arrival, computed instead of registered: a partition is readable when its first object is written, and
 * no crawler has to find it.
 */
const projection: Readonly<Record<string, string>> = {
  "projection.enabled": "true",
  "projection.year.type": "integer",
  "projection.year.range": `${firstYear},${lastYear}`,
  "projection.month.type": "integer",
  "projection.month.range": "1,12",
  "projection.month.digits": "2",
  "projection.day.type": "integer",
  "projection.day.range": "1,31",
  "projection.day.digits": "2",
};

const column = ({ name, type, comment }: GlueTable["columns"][number]) => ({ name, type, comment });

/** One table per contract, over the curated objects of that table. */
export const tables = Object.values(contracts).map((contract) => {
  const table = glueTable(contract);
  const location = $interpolate`s3://${curated.name}/ecommerce/${table.name}/`;
  return new aws.glue.CatalogTable(`CuratedTable-${table.name}`, {
    name: table.name,
    databaseName: database.name,
    description: table.description,
    tableType: "EXTERNAL_TABLE",
    partitionKeys: table.partitionKeys.map(column),
    parameters: {
      EXTERNAL: "TRUE",
      ...table.parameters,
      ...projection,
      "storage.location.template": $interpolate`${location}year=\${year}/month=\${month}/day=\${day}/`,
    },
    storageDescriptor: {
      location,
      columns: table.columns.map(column),
      inputFormat: table.inputFormat,
      outputFormat: table.outputFormat,
      serDeInfo: { serializationLibrary: table.serializationLibrary },
    },
  });
});
