import * as v from "valibot";
import type { Action, Parameters } from "../../gateway/json-service.ts";
import { page } from "../catalog/pages.ts";
import { shaped } from "../catalog/shapes.ts";
import { nameIn, seconds } from "../catalog/table-actions.ts";
import { crawlerDefinition } from "./crawler.ts";
import type { Crawler, Crawlers } from "./crawlers.ts";

const MOST_CRAWLERS = 100;
const Names = v.optional(v.array(v.string()));

/** Actions on crawlers. */
export function crawlerActions(crawlers: Crawlers): Readonly<Record<string, Action>> {
  const named = (parameters: Parameters, list: string) =>
    shaped(Names, parameters[list], list)?.map((name) => crawlers.get(name)) ?? crawlers.all();
  return {
    CreateCrawler: (parameters) => crawlers.create(crawlerDefinition(parameters)),
    UpdateCrawler: (parameters) => {
      const { definition } = crawlers.get(nameIn(parameters, "Name"));
      crawlers.update(crawlerDefinition({ ...definition, ...parameters }));
    },
    DeleteCrawler: (parameters) => crawlers.delete(nameIn(parameters, "Name")),
    GetCrawler: (parameters) => ({ Crawler: described(crawlers.get(nameIn(parameters, "Name"))) }),
    GetCrawlers: (parameters) => {
      const { items, ...more } = page(crawlers.all().map(described), parameters, MOST_CRAWLERS);
      return { Crawlers: items, ...more };
    },
    BatchGetCrawlers: (parameters) => {
      const wanted = shaped(v.array(v.string()), parameters.CrawlerNames, "CrawlerNames");
      const found = crawlers.all().filter(({ definition }) => wanted.includes(definition.Name));
      const names = new Set(found.map(({ definition }) => definition.Name));
      return { Crawlers: found.map(described), CrawlersNotFound: wanted.filter((name) => !names.has(name)) };
    },
    ListCrawlers: (parameters) => {
      const names = crawlers.all().map(({ definition }) => definition.Name);
      const { items, ...more } = page(names, parameters, MOST_CRAWLERS);
      return { CrawlerNames: items, ...more };
    },
    StartCrawler: (parameters) => crawlers.start(nameIn(parameters, "Name")),
    StopCrawler: (parameters) => crawlers.stop(nameIn(parameters, "Name")),
    GetCrawlerMetrics: (parameters) => {
      const found = named(parameters, "CrawlerNameList").map(metrics);
      const { items, ...more } = page(found, parameters, MOST_CRAWLERS);
      return { CrawlerMetricsList: items, ...more };
    },
  };
}

function described({ definition, last, ...crawler }: Crawler): Record<string, unknown> {
  const { Schedule, Role, ...rest } = definition;
  return {
    ...rest,
    Role: Role.replace(/^arn:[^/]*:role\//, ""),
    LineageConfiguration: { CrawlerLineageSettings: "DISABLE" },
    State: crawler.state,
    CrawlElapsedTime: crawler.startedAt === undefined ? 0 : Date.now() - crawler.startedAt.getTime(),
    CreationTime: seconds(crawler.createdAt),
    LastUpdated: seconds(crawler.updatedAt),
    Version: crawler.version,
    ...(Schedule ? { Schedule: { ScheduleExpression: Schedule, State: "SCHEDULED" } } : {}),
    ...(last === undefined
      ? {}
      : {
          LastCrawl: {
            Status: last.status,
            ...(last.error === undefined ? {} : { ErrorMessage: last.error }),
            LogGroup: "/aws-glue/crawlers",
            LogStream: definition.Name,
            MessagePrefix: last.id,
            StartTime: seconds(last.startedAt),
          },
        }),
  };
}

function metrics({ definition, last, state }: Crawler): Record<string, unknown> {
  return {
    CrawlerName: definition.Name,
    TimeLeftSeconds: 0,
    StillEstimating: state !== "READY",
    LastRuntimeSeconds: last?.seconds ?? 0,
    MedianRuntimeSeconds: last?.seconds ?? 0,
    TablesCreated: last?.tally.created ?? 0,
    TablesUpdated: last?.tally.updated ?? 0,
    TablesDeleted: last?.tally.deleted ?? 0,
  };
}
