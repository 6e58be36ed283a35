import { systems } from "@penstock/contracts";
import { campaignRoles, makingCampaigns } from "./campaign-roles.ts";
import { asking, dnaRoles, knowing } from "./dna-roles.ts";
import { featureRoles } from "./feature-roles.ts";

const READ = ["s3:GetObject"];
const LIST = ["s3:ListBucket"];
const PUT = ["s3:PutObject"];
const UPLOAD = ["s3:AbortMultipartUpload", "s3:PutObject"];
const REMOVE = ["s3:DeleteObject"];
const REPLACE = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"];
const LEASE = ["dynamodb:DeleteItem", "dynamodb:PutItem"];
const place = {
  "pending/*": REPLACE,
  "quarantine/rows/*": REPLACE,
  "quarantine/expired/*": REMOVE,
  "audit/metrics/*": PUT,
  "audit/audit/raw-to-curated/*": PUT,
  quarantine: LIST,
  "table/Locks": LEASE,
};

/** Short names of a system's (or the marts') database, tables, crawler and bucket. */
const names = (system: string) => ({
  database: `database/penstock_local_${system.replaceAll("-", "_")}`,
  tables: `table/penstock_local_${system.replaceAll("-", "_")}/*`,
  crawler: `crawler/${system}`,
  bucket: `${system.replaceAll("-", "")}data`,
});
const systemNames = Object.keys(systems);
const pascal = (system: string) =>
  system.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
const byName = <Value>(list: readonly string[], value: (name: string) => [string, Value][]) =>
  Object.fromEntries(list.flatMap(value));
/** To query what of these the catalogue knows, in a workgroup. */
const querying = (of: readonly string[], workgroup: string): Record<string, string[]> => {
  const CATALOGUE = [
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
  ];
  return {
    "datacatalog/AwsDataCatalog": ["athena:GetDataCatalog"],
    "database/default": ["glue:GetDatabase"],
    catalog: CATALOGUE,
    queryresults: ["s3:GetBucketLocation", "s3:ListBucket"],
    "queryresults/results/*": [
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
    [`workgroup/${workgroup}`]: [
      "athena:GetQueryExecution",
      "athena:GetQueryResults",
      "athena:StartQueryExecution",
      "athena:StopQueryExecution",
    ],
    ...byName(of, (name) => [
      [names(name).database, CATALOGUE],
      [names(name).tables, CATALOGUE],
      [`${names(name).bucket}/*`, READ],
      [names(name).bucket, ["s3:GetBucketLocation", "s3:ListBucket"]],
    ]),
  };
};
const crawling = (name: string): Record<string, string[]> => {
  const CATALOGUE = [
    "glue:BatchCreatePartition",
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:UpdatePartition",
    "glue:UpdateTable",
  ];
  const { database, tables, bucket } = names(name);
  return {
    [`${bucket}/*`]: READ,
    [bucket]: LIST,
    catalog: CATALOGUE,
    [database]: CATALOGUE,
    [tables]: CATALOGUE,
  };
};
/** To let go of the partitions of removed builds. */
const letGo = (name: string): Record<string, string[]> => {
  const LET_GO = ["glue:BatchDeletePartition", "glue:GetPartitions"];
  return { catalog: LET_GO, [names(name).database]: LET_GO, [names(name).tables]: LET_GO };
};
const analysing = (system: string, more: Record<string, string[]> = {}): Record<string, string[]> => ({
  "martsdata/*": READ,
  [`${names(system).bucket}/*`]: REPLACE,
  [names(system).bucket]: LIST,
  ...letGo(system),
  ...more,
});
const INVOKE = ["lambda:InvokeFunction"];
const GLUE_JOB = ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"];

const LOOK = ["states:DescribeExecution", "states:GetExecutionHistory", "states:RedriveExecution"];

/** What each role of the program may do, by resource: `Raw/*`, `table/Runs`, `Refine`. */
export const expectedRoles: Readonly<Record<string, Record<string, string[]>>> = {
  ApiRole: {
    "stateMachine:raw-to-curated": ["states:ListExecutions", "states:StartExecution"],
    "stateMachine:reconcile": ["states:ListExecutions", "states:StartExecution"],
    "stateMachine:curated-to-prod": ["states:ListExecutions", "states:StartExecution"],
    "stateMachine:feature-pipeline": ["states:ListExecutions", "states:StartExecution"],
    "stateMachine:on-failure": ["states:ListExecutions"],
    "execution:curated-to-prod:*": LOOK,
    "execution:feature-pipeline:*": LOOK,
    ...byName(systemNames, (system) => [
      [`${names(system).bucket}/*`, READ],
      [names(system).bucket, LIST],
    ]),
    ...querying(["marts"], "analytics"),
    "table/Builds": ["dynamodb:GetItem"],
    "retailcopilotdata/_questions/*": PUT,
    "stream/interactions": ["kinesis:PutRecords"],
    "table/user_features": ["dynamodb:BatchGetItem"],
    "table/item_features": ["dynamodb:BatchGetItem"],
    ...asking,
    ...knowing,
    ...makingCampaigns,
    "stateMachine:digital-dna": ["states:ListExecutions", "states:StartExecution"],
    "execution:digital-dna:*": LOOK,
    "execution:raw-to-curated:*": LOOK,
    "execution:reconcile:*": LOOK,
    "execution:on-failure:*": LOOK,
  },
  InspectRole: { "raw/*": READ, raw: LIST },
  RefineRole: {
    ...place,
    "raw/*": READ,
    raw: LIST,
    "curated/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    curated: LIST,
  },
  PlanRefineRole: { "raw/*": READ, "artifacts/refine/*": PUT, raw: LIST, curated: LIST },
  FinishRefineRole: {
    ...place,
    "raw/*": READ,
    raw: LIST,
    "curated/*": UPLOAD,
    "artifacts/refine/*": READ,
    artifacts: LIST,
  },
  ReconcileRole: {
    "curated/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    "pending/*": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    "quarantine/expired/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    "audit/violations/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    "audit/audit/reconcile/*": PUT,
    curated: LIST,
    pending: LIST,
    quarantine: LIST,
    audit: LIST,
    "table/Locks": LEASE,
  },
  PlanJobRole: {
    "raw/*": READ,
    "curated/*": READ,
    "audit/violations/*": READ,
    "artifacts/scripts/run_plan.py": READ,
    "featuresdata/landed/*": READ,
    ...byName(
      [
        "artifacts/refine/*",
        "artifacts/marts/*",
        "martsdata/*",
        "featuresdata/plans/*",
        "featuresdata/clean/*",
      ],
      (place) => [[place, ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]]],
    ),
    ...byName(["raw", "curated", "audit", "artifacts", "martsdata", "featuresdata"], (bucket) => [
      [bucket, LIST],
    ]),
  },
  PlanMartsRole: {
    "audit/violations/*": READ,
    "martsdata/*": REMOVE,
    "artifacts/marts/*": PUT,
    curated: LIST,
    audit: LIST,
    martsdata: LIST,
    ...letGo("marts"),
  },
  BuildMartsRole: {
    "curated/*": READ,
    "audit/violations/*": READ,
    "martsdata/*": REPLACE,
    "artifacts/marts/*": PUT,
    curated: LIST,
    audit: LIST,
    martsdata: LIST,
    ...letGo("marts"),
  },
  FinishMartsRole: { "artifacts/marts/*": READ, artifacts: LIST, "martsdata/_builds/*": PUT },
  MarketIntelligenceHubRole: analysing("market-intelligence-hub"),
  DemandInsightsEngineRole: analysing("demand-insights-engine"),
  ComplianceGuardianRole: analysing("compliance-guardian", { "audit/metrics/*": READ, audit: LIST }),
  GlobalMarketPulseRole: analysing("global-market-pulse"),
  RetailCopilotRole: analysing("retail-copilot", {
    "retailcopilotdata/_questions/*": READ,
    "workgroup/analytics": ["athena:BatchGetQueryExecution", "athena:ListQueryExecutions"],
  }),
  ...byName(["marts", ...systemNames], (name) => [[`${pascal(name)}CrawlerRole`, crawling(name)]]),
  CuratedToProdRole: {
    ...querying(["marts", ...systemNames], "checks"),
    ...byName(["marts", ...systemNames], (name) => [
      [names(name).crawler, ["glue:GetCrawler", "glue:StartCrawler"]],
    ]),
    ...byName(["PlanMarts", "BuildMarts", "FinishMarts", ...systemNames.map(pascal)], (task) => [
      [task, INVOKE],
    ]),
    "job/run-plan": GLUE_JOB,
    "table/Builds": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    "table/Locks": ["dynamodb:UpdateItem"],
    "table/Runs": ["dynamodb:UpdateItem"],
    operations: ["sns:Publish"],
    "stateMachine:reconcile": ["states:StartExecution"],
    "execution:reconcile:*": ["states:DescribeExecution", "states:StopExecution"],
    "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule": [
      "events:DescribeRule",
      "events:PutRule",
      "events:PutTargets",
    ],
    // Itself, to go on in a new execution.
    "stateMachine:curated-to-prod": ["states:StartExecution"],
  },
  RawToCuratedRole: {
    Inspect: ["lambda:InvokeFunction"],
    Refine: ["lambda:InvokeFunction"],
    PlanRefine: ["lambda:InvokeFunction"],
    FinishRefine: ["lambda:InvokeFunction"],
    "job/run-plan": GLUE_JOB,
    "table/Runs": ["dynamodb:UpdateItem"],
    "data-engineering": ["sns:Publish"],
    "quarantine/files/*": ["s3:PutObject"],
  },
  ReconcileMachineRole: {
    Reconcile: ["lambda:InvokeFunction"],
    "table/Runs": ["dynamodb:UpdateItem"],
    "table/Locks": ["dynamodb:UpdateItem"],
    "data-engineering": ["sns:Publish"],
  },
  OnFailureRole: {
    "table/Runs": ["dynamodb:UpdateItem"],
    "table/Locks": ["dynamodb:UpdateItem"],
    "dead-letters": ["sqs:SendMessage"],
    operations: ["sns:Publish"],
    // Once more, for who asked during the one that failed.
    "stateMachine:reconcile": ["states:StartExecution"],
    "stateMachine:curated-to-prod": ["states:StartExecution"],
    "stateMachine:digital-dna": ["states:StartExecution"],
  },
  RawObjectCreatedRuleRole: { "stateMachine:raw-to-curated": ["states:StartExecution"] },
  CuratedObjectCreatedRuleRole: { "stateMachine:reconcile": ["states:StartExecution"] },
  CuratedObjectToProdRuleRole: { "stateMachine:curated-to-prod": ["states:StartExecution"] },
  CuratedToProdDailyRole: {
    "stateMachine:curated-to-prod": ["states:StartExecution"],
    undelivered: ["sqs:SendMessage"],
  },
  ...featureRoles,
  ...dnaRoles,
  ...campaignRoles,
  ExecutionFailedRuleRole: { "stateMachine:on-failure": ["states:StartExecution"] },
  ReconcileDailyRole: {
    "stateMachine:reconcile": ["states:StartExecution"],
    undelivered: ["sqs:SendMessage"],
  },
};
