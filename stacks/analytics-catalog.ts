import {
  type AnalystTable,
  analystGlueTable,
  type GlueColumn,
  marts as martTables,
  type SystemName,
  systems,
} from "@penstock/contracts";
import { keyThrough } from "./encryption.ts";
import { glueSecurity } from "./lake.ts";
import { account, arn, named } from "./lib/identity.ts";
import { roleFor } from "./lib/policy.ts";
import { marts, prod } from "./storage.ts";

/** What of a bucket the catalogue knows: a database with its tables, and the crawler that finds their partitions. */
export interface Catalogued {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;
  readonly bucket: sst.aws.Bucket;
}

const column = ({ name, type, comment }: GlueColumn) => ({ name, type, comment });

/** ARNs of a database and its tables, as Glue asks for them: of a table its database and the catalogue too. */
export const catalogueArns = (database: aws.glue.CatalogDatabase) => [
  arn("glue", "catalog"),
  arn("glue", $interpolate`database/${database.name}`),
  arn("glue", $interpolate`table/${database.name}/*`),
];

function catalogued(
  name: string,
  physicalName: string,
  description: string,
  bucket: sst.aws.Bucket,
  contracts: readonly AnalystTable[],
): Catalogued {
  const database = new aws.glue.CatalogDatabase(`${name}Database`, {
    // Glue allows no dashes in what SQL is to name without quotes.
    name: named(physicalName).replaceAll("-", "_"),
    description,
    locationUri: $interpolate`s3://${bucket.name}/`,
  });
  const tables = contracts.map((contract) => {
    const table = analystGlueTable(contract);
    return new aws.glue.CatalogTable(`${name}Table-${table.name}`, {
      name: table.name,
      databaseName: database.name,
      description: table.description,
      tableType: "EXTERNAL_TABLE",
      partitionKeys: table.partitionKeys.map(column),
      parameters: { EXTERNAL: "TRUE", ...table.parameters },
      storageDescriptor: {
        location: $interpolate`s3://${bucket.name}/${table.name}/`,
        columns: table.columns.map(column),
        inputFormat: table.inputFormat,
        outputFormat: table.outputFormat,
        serDeInfo: { serializationLibrary: table.serializationLibrary },
      },
    });
  });
  const role = roleFor(`${name}CrawlerRole`, "glue", {
    account,
    physicalName: named(`${physicalName}-crawler`),
    grants: [
      { actions: ["s3:GetObject"], resources: [$interpolate`${bucket.arn}/*`] },
      { actions: ["s3:ListBucket"], resources: [bucket.arn] },
      keyThrough("s3 read"),
      {
        actions: [
          "glue:BatchCreatePartition",
          "glue:BatchGetPartition",
          "glue:GetDatabase",
          "glue:GetPartitions",
          "glue:GetTable",
          "glue:UpdatePartition",
          "glue:UpdateTable",
        ],
        resources: catalogueArns(database),
      },
      // With a security configuration Glue names the log group after it, and seals it.
      {
        actions: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [arn("logs", "log-group:/aws-glue/crawlers*")],
      },
    ],
  });
  const crawler = new aws.glue.Crawler(`${name}Crawler`, {
    name: named(physicalName),
    description: `Finds the partitions of ${description}`,
    databaseName: database.name,
    role: role.arn,
    securityConfiguration: glueSecurity.name,
    // The tables are ours, by contract: what a crawler finds are partitions, which take the columns of their table.
    catalogTargets: [{ databaseName: database.name, tables: tables.map((table) => table.name) }],
    schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
    recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
    configuration: JSON.stringify({
      Version: 1,
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
      Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
    }),
  });
  return { database, crawler, bucket };
}

/** The marts as Athena sees them. */
export const martsCatalogue = catalogued("Marts", "marts", "the marts", marts, Object.values(martTables));

const system = (name: SystemName, logicalName: string): Catalogued =>
  catalogued(
    logicalName,
    name,
    `the reports of the ${systems[name].title}`,
    prod[name],
    Object.values(systems[name].reports).map(({ table }) => table),
  );

/** Each system's reports as Athena sees them. */
export const prodCatalogues: Readonly<Record<SystemName, Catalogued>> = {
  "market-intelligence-hub": system("market-intelligence-hub", "MarketIntelligenceHub"),
  "demand-insights-engine": system("demand-insights-engine", "DemandInsightsEngine"),
  "compliance-guardian": system("compliance-guardian", "ComplianceGuardian"),
  "global-market-pulse": system("global-market-pulse", "GlobalMarketPulse"),
  "retail-copilot": system("retail-copilot", "RetailCopilot"),
};
