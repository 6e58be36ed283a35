import * as v from "valibot";
import { AwsError, NotImplemented } from "../../gateway/aws-error.ts";
import { invalidInput, shaped } from "../catalog/shapes.ts";

const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const text = v.optional(v.nullable(v.string()));

const S3Target = v.looseObject({
  Path: v.pipe(v.string(), v.regex(/^(s3:\/\/)?[^/]+/, "a path in S3")),
  Exclusions: v.optional(v.array(v.string()), []),
  /** So many files of each folder are read for the schema; all when absent. */
  SampleSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(249))),
});
export type S3Target = v.InferOutput<typeof S3Target>;

const CatalogTarget = v.looseObject({
  DatabaseName: v.pipe(Name, v.toLowerCase()),
  Tables: v.pipe(v.array(v.pipe(Name, v.toLowerCase())), v.minLength(1)),
});
export type CatalogTarget = v.InferOutput<typeof CatalogTarget>;

const SchemaChangePolicy = v.object({
  UpdateBehavior: v.optional(v.picklist(["LOG", "UPDATE_IN_DATABASE"]), "UPDATE_IN_DATABASE"),
  DeleteBehavior: v.optional(
    v.picklist(["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"]),
    "DEPRECATE_IN_DATABASE",
  ),
});
const RecrawlPolicy = v.object({
  RecrawlBehavior: v.optional(
    v.picklist(["CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY", "CRAWL_EVENT_MODE"]),
    "CRAWL_EVERYTHING",
  ),
});

/** What a crawler looks at, and what it may do with what it finds: CreateCrawler's request. */
const CrawlerDefinition = v.object({
  Name,
  Role: v.pipe(v.string(), v.minLength(1)),
  Targets: v.looseObject({
    S3Targets: v.optional(v.array(S3Target), []),
    CatalogTargets: v.optional(v.array(CatalogTarget), []),
  }),
  /** Where tables of S3 targets go. */
  DatabaseName: text,
  Description: text,
  TablePrefix: text,
  Schedule: text,
  SchemaChangePolicy: v.optional(SchemaChangePolicy, {}),
  RecrawlPolicy: v.optional(RecrawlPolicy, {}),
  /** JSON text. */
  Configuration: text,
  /** Given back, but nothing is encrypted here. */
  CrawlerSecurityConfiguration: text,
  Classifiers: v.optional(v.array(v.string()), []),
});
export type CrawlerDefinition = v.InferOutput<typeof CrawlerDefinition>;

const Configuration = v.looseObject({
  Grouping: v.optional(v.looseObject({ TableLevelConfiguration: v.optional(v.number()) }), {}),
  CrawlerOutput: v.optional(
    v.looseObject({
      Partitions: v.optional(v.looseObject({ AddOrUpdateBehavior: v.optional(v.string()) }), {}),
    }),
    {},
  ),
});

/** What of the configuration's text counts here. */
export interface CrawlerConfiguration {
  /** Level of the folders that are tables, the bucket being 1; found by the schemas when absent. */
  readonly tableLevel: number | undefined;
  /** Whether a partition has its table's columns instead of those of its own files. */
  readonly inheritFromTable: boolean;
}

/** @throws {AwsError} InvalidInputException for a text that is no such JSON */
export function configurationOf({ Configuration: given }: CrawlerDefinition): CrawlerConfiguration {
  let value: unknown = {};
  try {
    value = JSON.parse(given || "{}");
  } catch {
    throw invalidInput("The crawler's Configuration is not JSON");
  }
  const { Grouping, CrawlerOutput } = shaped(Configuration, value, "Configuration");
  return {
    tableLevel: Grouping.TableLevelConfiguration,
    inheritFromTable: CrawlerOutput.Partitions.AddOrUpdateBehavior === "InheritFromTable",
  };
}

/** Reads a request for a crawler. @throws {AwsError} InvalidInputException, NotImplemented */
export function crawlerDefinition(value: unknown): CrawlerDefinition {
  const definition = shaped(CrawlerDefinition, value, "Crawler");
  const { Targets, SchemaChangePolicy: policy, DatabaseName } = definition;
  const { S3Targets, CatalogTargets, ...others } = Targets;
  const foreign = Object.entries(others).filter(([, list]) => Array.isArray(list) && list.length > 0);
  if (foreign.length > 0)
    throw new NotImplemented("glue", `crawlers of ${foreign.map(([name]) => name).join(", ")}`);
  if (definition.Classifiers.length > 0) throw new NotImplemented("glue", "crawlers with classifiers");
  if (S3Targets.length + CatalogTargets.length === 0)
    throw invalidInput("The crawler must have at least one target");
  if (S3Targets.length > 0 && CatalogTargets.length > 0)
    throw invalidInput("Catalog targets cannot be mixed with other types of targets");
  if (S3Targets.length > 0 && !DatabaseName) throw invalidInput("DatabaseName is required for S3 targets");
  if (CatalogTargets.length > 0 && policy.DeleteBehavior === "DEPRECATE_IN_DATABASE")
    throw invalidInput("The deletion behavior of catalog targets does not support DEPRECATE_IN_DATABASE");
  const { RecrawlBehavior } = definition.RecrawlPolicy;
  if (RecrawlBehavior === "CRAWL_EVENT_MODE") throw new NotImplemented("glue", "crawlers in event mode");
  if (
    RecrawlBehavior === "CRAWL_NEW_FOLDERS_ONLY" &&
    (policy.UpdateBehavior !== "LOG" || policy.DeleteBehavior !== "LOG")
  ) {
    throw invalidInput("A crawler of new folders only must have the update and delete behavior LOG");
  }
  configurationOf(definition);
  return definition;
}

/** Whether an error is the service's word that something is not there. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "EntityNotFoundException";
}

/** Glue's answer to a name that no crawler has. */
export function noCrawler(name: string): AwsError {
  return new AwsError("EntityNotFoundException", `Crawler with name ${name} does not exist`);
}
