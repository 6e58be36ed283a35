import type { SystemName } from "@penstock/contracts";
import { type Catalogued, catalogueArns, martsCatalogue, prodCatalogues } from "./analytics-catalog.ts";
import { workgroup, workgroupArn } from "./athena.ts";
import { keyThrough } from "./encryption.ts";
import { list, objects, PUT, READ, REMOVE, UPLOAD } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sqlPackages } from "./lib/native-packages.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { artifacts, audit, curated, marts, prod } from "./storage.ts";

/** Something of each of the five systems. */
export const ofSystems = <Value>(value: (name: SystemName) => Value): Record<SystemName, Value> => ({
  "market-intelligence-hub": value("market-intelligence-hub"),
  "demand-insights-engine": value("demand-insights-engine"),
  "compliance-guardian": value("compliance-guardian"),
  "global-market-pulse": value("global-market-pulse"),
  "retail-copilot": value("retail-copilot"),
});

/** What the tasks know that build the marts. Values only: a link with permissions would grant `s3:*`. */
const martsLink = new sst.Linkable("Marts", {
  properties: {
    curated: curated.name,
    audit: audit.name,
    marts: marts.name,
    artifacts: artifacts.name,
    database: martsCatalogue.database.name,
    lambdaMaxBytes: settings.engine.lambdaMaxBytes,
    memoryMb: settings.engine.duckdbMemoryMb,
    keepBuilds: settings.prod.keepBuilds,
  },
});

/** What the systems' tasks know. */
const analyticsLink = new sst.Linkable("Analytics", {
  properties: {
    audit: audit.name,
    prod: ofSystems((name) => prod[name].name),
    database: ofSystems((name) => prodCatalogues[name].database.name),
    workgroup: workgroup.name,
    memoryMb: settings.prod.duckdbMemoryMb,
    keepBuilds: settings.prod.keepBuilds,
    ...settings.models,
  },
});

/** To let go of the partitions of builds that are removed. */
const letGo = ({ database }: Catalogued): Grant => ({
  actions: ["glue:BatchDeletePartition", "glue:GetPartitions"],
  resources: catalogueArns(database),
});

const ofMarts = { link: [martsLink], install: sqlPackages };

/** To see what is curated, and to remove builds that nobody reads any more. */
const lookAndKeep: readonly Grant[] = [
  objects(audit, READ, "violations/"),
  objects(marts, REMOVE),
  list(curated, audit, marts),
  letGo(martsCatalogue),
];

export const planMarts = task("PlanMarts", {
  ...settings.smallLambda,
  // It clears superseded builds away as well, object by object.
  timeoutSeconds: settings.prod.planSeconds,
  ...ofMarts,
  description: "Looks at what is curated, chooses the engine by its size and writes Glue's plan of the marts",
  handler: "packages/marts/src/tasks/plan-marts.handler",
  grants: [...lookAndKeep, objects(artifacts, PUT, "marts/"), keyThrough("s3 write")],
});

export const buildMarts = task("BuildMarts", {
  ...settings.lambda,
  ...ofMarts,
  description: "Curated rows to marts",
  handler: "packages/marts/src/tasks/build-marts.handler",
  grants: [
    ...lookAndKeep,
    objects(curated, READ),
    objects(marts, UPLOAD),
    objects(artifacts, PUT, "marts/"),
    keyThrough("s3"),
  ],
});

export const finishMarts = task("FinishMarts", {
  ...settings.lambda,
  ...ofMarts,
  description: "Writes the manifest of the marts that Glue wrote",
  handler: "packages/marts/src/tasks/finish-marts.handler",
  grants: [
    objects(artifacts, READ, "marts/"),
    list(artifacts),
    objects(marts, PUT, "_builds/"),
    keyThrough("s3"),
  ],
});

/** The task of one system: reads the marts, writes to its own bucket. */
function systemTask(
  name: string,
  system: SystemName,
  description: string,
  more: readonly Grant[] = [],
): sst.aws.Function {
  return task(name, {
    ...settings.lambda,
    link: [analyticsLink],
    install: sqlPackages,
    description,
    handler: `packages/analytics/src/tasks/${system}.handler`,
    grants: [
      objects(marts, READ),
      objects(prod[system], [...REMOVE, ...UPLOAD]),
      list(prod[system]),
      letGo(prodCatalogues[system]),
      ...more,
      keyThrough("s3"),
    ],
  });
}

/** The five systems' tasks. */
export const systemTasks: Readonly<Record<SystemName, sst.aws.Function>> = {
  "market-intelligence-hub": systemTask(
    "MarketIntelligenceHub",
    "market-intelligence-hub",
    "Forecasts sales and finds their trends",
  ),
  "demand-insights-engine": systemTask(
    "DemandInsightsEngine",
    "demand-insights-engine",
    "Segments customers, expects their value and their leaving",
  ),
  "compliance-guardian": systemTask(
    "ComplianceGuardian",
    "compliance-guardian",
    "Scores the risk of orders and audits where card data stood",
    [objects(audit, READ, "metrics/"), list(audit)],
  ),
  "global-market-pulse": systemTask(
    "GlobalMarketPulse",
    "global-market-pulse",
    "Finds opportunities and compares regions",
  ),
  "retail-copilot": systemTask("RetailCopilot", "retail-copilot", "Tells what is asked of the marts", [
    objects(prod["retail-copilot"], READ, "_questions/"),
    {
      actions: ["athena:BatchGetQueryExecution", "athena:ListQueryExecutions"],
      resources: [workgroupArn],
    },
  ]),
};
