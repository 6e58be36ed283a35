import { flow, jsonata } from "./define.ts";
import { leaseLost } from "./lease.ts";
import { retryAthena, retryDynamo, retryGlueCatalog, retryLambda } from "./retries.ts";
import { setAttributes, updateItem } from "./run-record.ts";
import type { Flow } from "./states.ts";
import { suffixed } from "./suffixed.ts";

/** Faults that a branch finds by itself, beside the errors of its tasks. */
export const BranchFaults = {
  /** The crawler ended otherwise than well. */
  CrawlFailed: "CrawlFailed",
  /** The crawler did not get free, or did not end, within the tries that it has. */
  CrawlUnfinished: "CrawlUnfinished",
  /** Athena finds another number of rows of a table than was written. */
  CheckFailed: "CheckFailed",
} as const;

/** What it takes to publish the builds of one bucket. */
export interface Publication {
  /** `marts` or a system's name: the key of the table of builds. */
  readonly system: string;
  /** Sets the branch's states apart from those of the others: `GlobalMarketPulse`. */
  readonly suffix: string;
  /** Glue's database over the bucket, which the check's tables are of. */
  readonly database: string;
  readonly crawler: string;
  /** Current builds, by the table's name. */
  readonly buildsTable: string;
  /** Athena's, for the check: another one than that of whose queries the patterns are told. */
  readonly workgroup: string;
  readonly crawlPollSeconds: number;
  /** How often a crawler is looked at, and how often a busy one is tried again. */
  readonly crawlTries: number;
}

/** A system's task, by ARN, and Lambda's own limit for it, seconds. */
export interface SystemTask {
  readonly task: string;
  readonly taskSeconds: number;
}

/** Whatever fails: the branch says so and ends, and the other branches go on. */
const failed = {
  ErrorEquals: ["States.ALL"],
  Assign: {
    fault: {
      error: jsonata("$states.errorOutput.Error"),
      // A cause may be long, and those of six branches have to fit into one result. A timeout has none.
      cause: jsonata(
        "$type($states.errorOutput.Cause) = 'string' ? $substring($states.errorOutput.Cause, 0, 1000) : 'No cause was given'",
      ),
    },
  },
  Next: "Failed",
} as const;

const fault = (error: string, cause: string) => ({ fault: { error, cause } }) as const;

/** Waits for a crawl of a bucket to begin and to end, a limited number of times. */
function crawled({ crawler, crawlPollSeconds, crawlTries }: Publication) {
  return {
    Crawl: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:startCrawler",
      Comment: "A crawl that is under way may have passed by already: wait, and crawl again",
      Arguments: { Name: crawler },
      TimeoutSeconds: 60,
      Retry: [retryGlueCatalog],
      Catch: [
        {
          ErrorEquals: ["Glue.CrawlerRunningException"],
          Assign: { starts: jsonata("$starts + 1") },
          Next: "Busy",
        },
        failed,
      ],
      Next: "AwaitCrawl",
    },
    Busy: {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata(`$starts >= ${crawlTries}`),
          Assign: fault(BranchFaults.CrawlUnfinished, `${crawler} was busy ${crawlTries} times`),
          Next: "Failed",
        },
      ],
      Default: "AwaitCrawler",
    },
    AwaitCrawler: { Type: "Wait", Seconds: crawlPollSeconds, Next: "Crawl" },
    AwaitCrawl: { Type: "Wait", Seconds: crawlPollSeconds, Next: "LookAtCrawl" },
    LookAtCrawl: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:getCrawler",
      Arguments: { Name: crawler },
      TimeoutSeconds: 60,
      Retry: [retryGlueCatalog],
      Catch: [failed],
      Assign: {
        looks: jsonata("$looks + 1"),
        crawl: {
          state: jsonata("$states.result.Crawler.State"),
          ended: jsonata(
            "$exists($states.result.Crawler.LastCrawl.Status) ? $states.result.Crawler.LastCrawl.Status : 'NEVER'",
          ),
        },
      },
      Next: "Crawled",
    },
    Crawled: {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$crawl.state = 'READY' and $crawl.ended = 'SUCCEEDED'"), Next: "Check" },
        {
          Condition: jsonata("$crawl.state = 'READY'"),
          Assign: fault(BranchFaults.CrawlFailed, `{% '${crawler} ended as ' & $crawl.ended %}`),
          Next: "Failed",
        },
        {
          Condition: jsonata(`$looks >= ${crawlTries}`),
          Assign: fault(BranchFaults.CrawlUnfinished, `${crawler} was not ready in ${crawlTries} looks`),
          Next: "Failed",
        },
      ],
      Default: "AwaitCrawl",
    },
  } as const;
}

/** From rows that are written to a build that Athena has counted; `$wrote` says what was written. */
function published(of: Publication) {
  const { system, buildsTable, workgroup } = of;
  return {
    Switch: {
      ...updateItem,
      Comment: "An execution that has lost its lease does not put an older build in the place of a later one",
      Arguments: {
        ...setAttributes(
          { table: buildsTable, name: "system", value: system },
          {
            build: { S: jsonata("$build") },
            built_at: { S: jsonata("$built_at") },
            generation: { N: jsonata("$generation") },
          },
        ),
        ConditionExpression: "attribute_not_exists(#generation) OR #generation <= :generation",
      },
      Catch: [{ ErrorEquals: leaseLost, Next: "Superseded" }, failed],
      Assign: { starts: 0, looks: 0 },
      Next: "Crawl",
    },
    ...crawled(of),
    Check: {
      Type: "Task",
      Resource: "arn:aws:states:::athena:startQueryExecution.sync",
      Arguments: {
        QueryString: jsonata("$wrote.check.sql"),
        QueryExecutionContext: { Database: of.database },
        WorkGroup: workgroup,
      },
      TimeoutSeconds: 900,
      Retry: [retryAthena],
      Catch: [failed],
      Assign: { query: jsonata("$states.result.QueryExecution.QueryExecutionId") },
      Next: "ReadCheck",
    },
    ReadCheck: {
      Type: "Task",
      Resource: "arn:aws:states:::athena:getQueryResults",
      Comment: "The first row is the columns' names; each of the others is a table and its rows",
      Arguments: { QueryExecutionId: jsonata("$query"), MaxResults: 100 },
      TimeoutSeconds: 60,
      Retry: [retryAthena],
      Catch: [failed],
      Assign: {
        counted: jsonata(
          "$join($states.result.ResultSet.Rows[[1..99]].(Data[0].VarCharValue & '=' & Data[1].VarCharValue), ' ')",
        ),
      },
      Next: "Counted",
    },
    Counted: {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$counted = $wrote.check.counts"), Next: "Catalogue" }],
      Assign: fault(
        BranchFaults.CheckFailed,
        "{% 'Athena counts ' & $counted & ' rows of the build, written were ' & $wrote.check.counts %}",
      ),
      Default: "Failed",
    },
    Catalogue: {
      ...updateItem,
      Comment: "Queries find the build from now on: until here they are written over the one before it",
      Arguments: {
        ...setAttributes(
          { table: buildsTable, name: "system", value: system },
          { catalogued: { S: jsonata("$build") } },
        ),
        ConditionExpression: "generation = :generation",
        ExpressionAttributeValues: {
          ":catalogued": { S: jsonata("$build") },
          ":generation": { N: jsonata("$generation") },
        },
      },
      Catch: [{ ErrorEquals: leaseLost, Next: "Superseded" }, failed],
      Next: "Published",
    },
    Published: {
      Type: "Succeed",
      Output: { system, status: "SUCCEEDED", rows: jsonata("$wrote.check.rows") },
    },
    Superseded: { Type: "Succeed", Output: { system, status: "SUPERSEDED" } },
    Failed: {
      Type: "Succeed",
      Output: { system, status: "FAILED", error: jsonata("$fault.error"), cause: jsonata("$fault.cause") },
    },
  } as const;
}

/**
 * The branch of a system in `curated-to-prod`: its task writes the reports, then they become the current build, the
 * crawler registers them in the catalogue, and Athena must find the rows that were written.
 *
 * Reads `$build`, `$built_at`, `$generation` and `$marts` (what was built of the marts) of the machine. Ends well in
 * any case, with `{ system, status }`: SUCCEEDED with its `rows`, FAILED with `error` and `cause`, SUPERSEDED where a
 * later build is current already.
 */
export function publishSystem(of: Publication, { task, taskSeconds }: SystemTask): Flow {
  const branch = flow("Current", {
    Current: {
      ...currentBuild(of.buildsTable, of.system),
      Catch: [failed],
      Next: "Analyse",
    },
    Analyse: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: {
        FunctionName: task,
        Payload: {
          run_id: jsonata("$run_id"),
          build: jsonata("$build"),
          built_at: jsonata("$built_at"),
          manifest: jsonata("$marts.manifest"),
          current: jsonata("$current"),
        },
      },
      TimeoutSeconds: taskSeconds + 30,
      Retry: [retryLambda],
      Catch: [failed],
      Assign: { wrote: { check: jsonata("$states.result.Payload.check") } },
      Next: "Switch",
    },
    ...published(of),
  });
  return suffixed(branch, of.suffix);
}

/** The branch of the marts, which are written already: as {@link publishSystem} without a task. */
export function publishMarts(of: Publication): Flow {
  const branch = flow("Take", {
    Take: { Type: "Pass", Assign: { wrote: { check: jsonata("$marts.check") } }, Next: "Switch" },
    ...published(of),
  });
  return suffixed(branch, of.suffix);
}

/** Reads which build is current, into `$current`: its name, or null before the first. A build that is read is never removed. */
export function currentBuild(buildsTable: string, system: string, variable = "current") {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:getItem",
    Arguments: { TableName: buildsTable, Key: { system: { S: system } }, ConsistentRead: true },
    TimeoutSeconds: 30,
    Retry: [retryDynamo],
    Assign: {
      [variable]: jsonata("$exists($states.result.Item.build.S) ? $states.result.Item.build.S : null"),
    },
  } as const;
}
