import type { SystemName } from "@penstock/contracts";
import type { Definition, Flow } from "../../workflows/asl/states.ts";
import { campaign } from "../../workflows/campaign.ts";
import { curatedToProd } from "../../workflows/curated-to-prod.ts";
import { digitalDna } from "../../workflows/digital-dna.ts";
import { featurePipeline } from "../../workflows/feature-pipeline.ts";
import { onFailure } from "../../workflows/on-failure.ts";
import { rawToCurated } from "../../workflows/raw-to-curated.ts";
import { reconcile } from "../../workflows/reconcile.ts";
import { campaignResources } from "./campaign-answers.ts";

/** Resources with names that read well in an expected definition; no account, no stage. */
const lambda = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
const system = (name: SystemName, task: string) => ({
  task: lambda(task),
  database: name.replaceAll("-", "_"),
  crawler: name,
});

/** What digital-dna works with. */
export const dnaResources = {
  readExport: lambda("ReadExport"),
  categoriseChunk: lambda("CategoriseChunk"),
  writeDocument: lambda("WriteDocument"),
  loadPersonas: lambda("LoadPersonas"),
  updatePersona: lambda("UpdatePersona"),
  savePersonas: lambda("SavePersonas"),
  forgetPerson: lambda("ForgetPerson"),
  runsTable: "Runs",
  locksTable: "Locks",
  peopleTable: "People",
  filesTable: "DnaFiles",
  dataTopic: topic("data-engineering"),
  operationsTopic: topic("operations"),
  taskSeconds: 900,
  modelTaskSeconds: 300,
  chunkConcurrency: 5,
  windowSeconds: 20,
  leaseSeconds: 3600,
  graceSeconds: 1200,
  runSeconds: 43_200,
};

/** Every machine there is, by name. Limits are small round numbers, so that each is recognised in a definition. */
export const machines = {
  "raw-to-curated": rawToCurated({
    inspect: lambda("Inspect"),
    refine: lambda("Refine"),
    planRefine: lambda("PlanRefine"),
    finishRefine: lambda("FinishRefine"),
    glueJob: "run-plan",
    runsTable: "Runs",
    dataTopic: topic("data-engineering"),
    rejectedAlarm: 0.1,
    refineSeconds: 900,
    glueSeconds: 7200,
  }),
  reconcile: reconcile({
    reconcile: lambda("Reconcile"),
    runsTable: "Runs",
    locksTable: "Locks",
    dataTopic: topic("data-engineering"),
    quietSeconds: 10,
    leaseSeconds: 3600,
    reconcileSeconds: 900,
  }),
  "curated-to-prod": curatedToProd({
    planMarts: lambda("PlanMarts"),
    buildMarts: lambda("BuildMarts"),
    finishMarts: lambda("FinishMarts"),
    glueJob: "run-plan",
    marts: { database: "marts", crawler: "marts" },
    systems: {
      "market-intelligence-hub": system("market-intelligence-hub", "MarketIntelligenceHub"),
      "demand-insights-engine": system("demand-insights-engine", "DemandInsightsEngine"),
      "compliance-guardian": system("compliance-guardian", "ComplianceGuardian"),
      "global-market-pulse": system("global-market-pulse", "GlobalMarketPulse"),
      "retail-copilot": system("retail-copilot", "RetailCopilot"),
    },
    reconcile: "arn:aws:states:us-east-1:000000000000:stateMachine:reconcile",
    runsTable: "Runs",
    locksTable: "Locks",
    buildsTable: "Builds",
    workgroup: "checks",
    operationsTopic: topic("operations"),
    windowSeconds: 300,
    leaseSeconds: 14_400,
    planSeconds: 300,
    taskSeconds: 900,
    glueSeconds: 7200,
    reconcileSeconds: 8400,
    reconcilePollSeconds: 60,
    reconcileTries: 72,
    crawlPollSeconds: 30,
    crawlTries: 40,
  }),
  "feature-pipeline": featurePipeline({
    syncCatalogue: lambda("SyncCatalogue"),
    planFeatures: lambda("PlanFeatures"),
    checkArrivals: lambda("CheckArrivals"),
    landInteractions: lambda("LandInteractions"),
    judgeValidation: lambda("JudgeValidation"),
    catalogueCandidate: lambda("CatalogueCandidate"),
    profileFeatures: lambda("ProfileFeatures"),
    publishOnline: lambda("PublishOnline"),
    checkParity: lambda("CheckParity"),
    acceptFeatures: lambda("AcceptFeatures"),
    glueJob: "run-plan",
    runsTable: "Runs",
    locksTable: "Locks",
    workgroup: "features",
    database: "features",
    featuresBucket: "features",
    dataTopic: topic("data-engineering"),
    runSeconds: 21_600,
    taskSeconds: 900,
    glueSeconds: 7200,
    querySeconds: 1800,
    landingConcurrency: 10,
    publishing: { concurrency: 20, slicesPerCall: 5 },
  }),
  "digital-dna": digitalDna(dnaResources),
  campaign: campaign(campaignResources),
  "on-failure": onFailure({
    runsTable: "Runs",
    locksTable: "Locks",
    deadLetterQueue: "https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters",
    operationsTopic: topic("operations"),
  }),
} as const satisfies Readonly<Record<string, Definition>>;

/** Every state of a flow by its name, those inside of Parallel and Map too: names differ in all of a machine. */
export function statesOf(flow: Flow): [string, Flow["States"][string]][] {
  return Object.entries(flow.States).flatMap(([name, state]) => {
    const inner =
      state.Type === "Parallel" ? state.Branches : state.Type === "Map" ? [state.ItemProcessor] : [];
    return [[name, state] as [string, typeof state], ...inner.flatMap(statesOf)];
  });
}
