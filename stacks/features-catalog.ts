import {
  cleanGlueTable,
  cleanTables,
  featureGlueTable,
  featureTables,
  type GlueTable,
} from "@penstock/contracts";
import { named } from "./lib/identity.ts";
import { features } from "./storage.ts";

const database = new aws.glue.CatalogDatabase("FeaturesDatabase", {
  // Glue allows no dashes in what SQL is to name without quotes.
  name: named("features").replaceAll("-", "_"),
  description: "Clean interactions with their catalogue, and the features made of them",
  locationUri: $interpolate`s3://${features.name}/`,
});

const column = ({ name, type, comment }: GlueTable["columns"][number]) => ({ name, type, comment });

/**
 * One table per contract. Its partitions are registered by the tasks, each where an attempt has written it: what lies
 * beside it of another attempt is in no table.
 */
const catalogTable = (table: GlueTable, options: { readonly ignoreChanges?: string[] } = {}) =>
  new aws.glue.CatalogTable(
    `FeaturesTable-${table.name}`,
    {
      name: table.name,
      databaseName: database.name,
      description: table.description,
      tableType: "EXTERNAL_TABLE",
      partitionKeys: table.partitionKeys.map(column),
      parameters: { EXTERNAL: "TRUE", ...table.parameters },
      storageDescriptor: {
        location: $interpolate`s3://${features.name}/tables/${table.name}/`,
        columns: table.columns.map(column),
        inputFormat: table.inputFormat,
        outputFormat: table.outputFormat,
        serDeInfo: { serializationLibrary: table.serializationLibrary },
      },
    },
    options,
  );

const tables = [
  ...Object.values(cleanTables).map((table) => catalogTable(cleanGlueTable(table))),
  // From the first run on the parameters are its: what is current, and what that was made of.
  ...Object.values(featureTables).map((table) =>
    catalogTable(featureGlueTable(table), { ignoreChanges: ["parameters"] }),
  ),
];

/** The clean tables and the features as Athena sees them. */
export const featuresCatalogue = {
  database,
  bucket: features,
  folders: ["clean/", "features/"],
  tables,
} as const;
