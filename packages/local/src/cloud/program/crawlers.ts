import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { type CrawlerDefinition, crawlerDefinition } from "../glue/crawlers/crawler.ts";
import { Inputs } from "./inputs.ts";

/** Targets of a crawler's resource that are none of the two kinds that run here. */
const FOREIGN = [
  "deltaTargets",
  "dynamodbTargets",
  "hudiTargets",
  "icebergTargets",
  "jdbcTargets",
  "mongodbTargets",
];

/** The program's crawlers, as CreateCrawler would be given them. @throws {AwsError} for what does not run here */
export function crawlers(graph: ResourceGraph): CrawlerDefinition[] {
  return resourcesOf(graph, "aws:glue/crawler:Crawler").map((resource) => {
    const inputs = new Inputs(resource);
    const policy = inputs.part("schemaChangePolicy");
    return crawlerDefinition({
      Name: inputs.text("name"),
      Role: inputs.text("role"),
      DatabaseName: inputs.optionalText("databaseName"),
      Description: inputs.optionalText("description"),
      TablePrefix: inputs.optionalText("tablePrefix"),
      Schedule: inputs.optionalText("schedule"),
      Configuration: inputs.optionalText("configuration"),
      CrawlerSecurityConfiguration: inputs.optionalText("securityConfiguration"),
      Classifiers: inputs.texts("classifiers"),
      Targets: {
        S3Targets: inputs.parts("s3Targets").map((target) => ({
          Path: target.text("path"),
          Exclusions: target.texts("exclusions"),
          SampleSize: target.optionalNumber("sampleSize"),
        })),
        CatalogTargets: inputs.parts("catalogTargets").map((target) => ({
          DatabaseName: target.text("databaseName"),
          Tables: target.texts("tables"),
        })),
        ...Object.fromEntries(FOREIGN.map((name) => [name, inputs.parts(name)])),
      },
      SchemaChangePolicy: {
        UpdateBehavior: policy?.optionalText("updateBehavior"),
        DeleteBehavior: policy?.optionalText("deleteBehavior"),
      },
      RecrawlPolicy: { RecrawlBehavior: inputs.part("recrawlPolicy")?.optionalText("recrawlBehavior") },
    });
  });
}
