import { campaignAgentV1, toolSpecs } from "@penstock/campaign";
import { systems } from "@penstock/contracts";
import { campaign as campaignDefinition } from "../workflows/campaign.ts";
import { branchState, curatedToProd as curatedToProdDefinition } from "../workflows/curated-to-prod.ts";
import { digitalDna as digitalDnaDefinition } from "../workflows/digital-dna.ts";
import { featurePipeline as featurePipelineDefinition } from "../workflows/feature-pipeline.ts";
import { onFailure as onFailureDefinition } from "../workflows/on-failure.ts";
import { rawToCurated as rawToCuratedDefinition } from "../workflows/raw-to-curated.ts";
import { reconcile as reconcileDefinition } from "../workflows/reconcile.ts";
import { buildMarts, finishMarts, ofSystems, planMarts, systemTasks } from "./analytics.ts";
import { type Catalogued, martsCatalogue, prodCatalogues } from "./analytics-catalog.ts";
import { imageRequests } from "./assets.ts";
import { checks, checksArn, featureQueries, queryGrants } from "./athena.ts";
import * as campaignTasks from "./campaign.ts";
import * as dnaTasks from "./dna.ts";
import * as featureTasks from "./features.ts";
import { featuresCatalogue } from "./features-catalog.ts";
import { builds, dnaFiles, generatedImages, locks, people, planJob, products, runs } from "./lake.ts";
import { arn, named, settings } from "./lib/identity.ts";
import { StateMachine } from "./lib/state-machine.ts";
import { askingModel } from "./model-access.ts";
import { dataTopic, deadLetters, operationsTopic } from "./monitoring.ts";
import { features, quarantine } from "./storage.ts";
import { finishRefine, inspect, planRefine, reconcile as reconcileTask, refine } from "./tasks.ts";

const alarmTopic = operationsTopic.arn;

export const rawToCurated = new StateMachine("RawToCurated", {
  workflow: "raw-to-curated",
  alarmTopic,
  definition: $resolve({
    inspect: inspect.arn,
    refine: refine.arn,
    planRefine: planRefine.arn,
    finishRefine: finishRefine.arn,
    glueJob: planJob.name,
    runsTable: runs.name,
    dataTopic: dataTopic.arn,
    rejectedAlarm: settings.alarms.rejectedFraction,
    refineSeconds: settings.lambda.timeoutSeconds,
    glueSeconds: settings.glue.timeoutMinutes * 60,
  }).apply(rawToCuratedDefinition),
  grants: [
    {
      states: ["QuarantineFile"],
      actions: ["s3:PutObject"],
      resources: [$interpolate`${quarantine.arn}/files/*`],
    },
  ],
});

export const reconcile = new StateMachine("ReconcileMachine", {
  workflow: "reconcile",
  alarmTopic,
  definition: $resolve({
    reconcile: reconcileTask.arn,
    runsTable: runs.name,
    locksTable: locks.name,
    dataTopic: dataTopic.arn,
    quietSeconds: settings.reconcile.quietSeconds,
    leaseSeconds: settings.reconcile.leaseSeconds,
    reconcileSeconds: settings.lambda.timeoutSeconds,
  }).apply(reconcileDefinition),
});

const namesOf = ({ database, crawler }: Catalogued) => ({ database: database.name, crawler: crawler.name });
const branches = ["marts", ...Object.keys(systems)];

export const curatedToProd = new StateMachine("CuratedToProd", {
  workflow: "curated-to-prod",
  alarmTopic,
  slowMinutes: settings.alarms.prodMinutes,
  definition: $resolve({
    planMarts: planMarts.arn,
    buildMarts: buildMarts.arn,
    finishMarts: finishMarts.arn,
    glueJob: planJob.name,
    marts: namesOf(martsCatalogue),
    systems: ofSystems((name) => ({ task: systemTasks[name].arn, ...namesOf(prodCatalogues[name]) })),
    reconcile: reconcile.arn,
    runsTable: runs.name,
    locksTable: locks.name,
    buildsTable: builds.name,
    workgroup: checks.name,
    operationsTopic: operationsTopic.arn,
    windowSeconds: settings.prod.windowSeconds,
    leaseSeconds: settings.prod.leaseSeconds,
    planSeconds: settings.prod.planSeconds,
    taskSeconds: settings.lambda.timeoutSeconds,
    glueSeconds: settings.glue.timeoutMinutes * 60,
    // It may make several passes, one for each that was asked for meanwhile.
    reconcileSeconds: 2 * settings.reconcile.leaseSeconds,
    reconcilePollSeconds: settings.prod.reconcilePollSeconds,
    // As long as a lease of it holds that nobody gives back; then this request takes it over.
    reconcileTries: Math.ceil(settings.reconcile.leaseSeconds / settings.prod.reconcilePollSeconds) + 2,
    crawlPollSeconds: settings.prod.crawlPollSeconds,
    crawlTries: settings.prod.crawlTries,
  }).apply(curatedToProdDefinition),
  grants: [
    ...queryGrants().map((grant) => ({
      states: branches.map((branch) => branchState("Check", branch)),
      ...grant,
    })),
    {
      states: branches.map((branch) => branchState("ReadCheck", branch)),
      actions: ["athena:GetQueryResults"],
      resources: [checksArn],
    },
    {
      states: ["GoOn"],
      actions: ["states:StartExecution"],
      resources: [arn("states", `stateMachine:${named("curated-to-prod")}`)],
    },
  ],
});

const featureUnloads = ["UserFeatures", "ItemFeatures", "InteractionFeatures", "Split"];

export const featurePipeline = new StateMachine("FeaturePipeline", {
  workflow: "feature-pipeline",
  alarmTopic,
  slowMinutes: settings.alarms.featuresMinutes,
  definition: $resolve({
    syncCatalogue: featureTasks.syncCatalogue.arn,
    planFeatures: featureTasks.planFeatures.arn,
    checkArrivals: featureTasks.checkArrivals.arn,
    landInteractions: featureTasks.landInteractions.arn,
    judgeValidation: featureTasks.judgeValidation.arn,
    catalogueCandidate: featureTasks.catalogueCandidate.arn,
    profileFeatures: featureTasks.profileFeatures.arn,
    publishOnline: featureTasks.publishOnline.arn,
    checkParity: featureTasks.checkParity.arn,
    acceptFeatures: featureTasks.acceptFeatures.arn,
    glueJob: planJob.name,
    runsTable: runs.name,
    locksTable: locks.name,
    workgroup: featureQueries.name,
    database: featuresCatalogue.database.name,
    featuresBucket: features.name,
    dataTopic: dataTopic.arn,
    runSeconds: settings.features.runHours * 3600,
    taskSeconds: settings.lambda.timeoutSeconds,
    glueSeconds: settings.glue.timeoutMinutes * 60,
    querySeconds: settings.features.queryMinutes * 60,
    landingConcurrency: settings.features.landingConcurrency,
    publishing: {
      concurrency: settings.features.online.concurrency,
      slicesPerCall: settings.features.online.slicesPerCall,
    },
  }).apply(featurePipelineDefinition),
  grants: [
    ...queryGrants([featuresCatalogue]).map((grant) => ({ states: featureUnloads, ...grant })),
    {
      states: featureUnloads,
      actions: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
      resources: ["features", "training"].map((folder) => $interpolate`${features.arn}/${folder}/*`),
    },
    {
      states: ["Publish"],
      actions: ["s3:GetObject"],
      resources: [$interpolate`${features.arn}/profiles/*`],
    },
  ],
});

export const digitalDna = new StateMachine("DigitalDna", {
  workflow: "digital-dna",
  alarmTopic,
  slowMinutes: settings.alarms.dnaMinutes,
  definition: $resolve({
    readExport: dnaTasks.readExport.arn,
    categoriseChunk: dnaTasks.categoriseChunk.arn,
    writeDocument: dnaTasks.writeDocument.arn,
    loadPersonas: dnaTasks.loadPersonas.arn,
    updatePersona: dnaTasks.updatePersona.arn,
    savePersonas: dnaTasks.savePersonas.arn,
    forgetPerson: dnaTasks.forgetPerson.arn,
    runsTable: runs.name,
    locksTable: locks.name,
    peopleTable: people.name,
    filesTable: dnaFiles.name,
    dataTopic: dataTopic.arn,
    operationsTopic: operationsTopic.arn,
    taskSeconds: settings.lambda.timeoutSeconds,
    modelTaskSeconds: settings.dna.modelTaskSeconds,
    chunkConcurrency: settings.dna.chunkConcurrency,
    windowSeconds: settings.dna.windowSeconds,
    leaseSeconds: settings.dna.leaseSeconds,
    graceSeconds: settings.dna.graceSeconds,
    runSeconds: settings.dna.runHours * 3600,
  }).apply(digitalDnaDefinition),
  grants: [
    {
      states: ["GoOn"],
      actions: ["states:StartExecution"],
      resources: [arn("states", `stateMachine:${named("digital-dna")}`)],
    },
  ],
});

const { model, agent } = settings.campaign;

export const campaign = new StateMachine("CampaignMaker", {
  workflow: "campaign",
  alarmTopic,
  slowMinutes: settings.campaign.slowMinutes,
  definition: $resolve({
    analyseImage: campaignTasks.analyseImage.arn,
    enrichData: campaignTasks.enrichData.arn,
    understandMarket: campaignTasks.understandMarket.arn,
    synthesiseCampaign: campaignTasks.synthesiseCampaign.arn,
    checkCampaign: campaignTasks.checkCampaign.arn,
    storeCampaign: campaignTasks.storeCampaign.arn,
    productsTable: products.name,
    imagesTable: generatedImages.name,
    imageQueue: imageRequests.url,
    runsTable: runs.name,
    taskSeconds: settings.campaign.taskSeconds,
    modelTaskSeconds: settings.campaign.modelTaskSeconds,
    marketConcurrency: settings.campaign.marketConcurrency,
    runSeconds: settings.campaign.runSeconds,
  }).apply((resources) =>
    campaignDefinition({
      ...resources,
      agent: {
        ...agent,
        market: settings.campaign.market,
        // A machine asks Bedrock in its own region, and nobody else: any other model has the sequence only.
        available: model.provider === "bedrock" && model.modelRegion === settings.region,
        modelId: model.modelId,
        prices: model.prices,
        system: campaignAgentV1.system,
        tools: toolSpecs,
      },
    }),
  ),
  grants: [{ states: ["Converse"], ...askingModel(model) }],
});

export const onFailure = new StateMachine("OnFailure", {
  workflow: "on-failure",
  alarmTopic,
  // Nobody looks after its failures but this alarm: one is too many.
  failedFraction: 0,
  definition: $resolve({
    runsTable: runs.name,
    locksTable: locks.name,
    deadLetterQueue: deadLetters.url,
    operationsTopic: operationsTopic.arn,
  }).apply(onFailureDefinition),
  grants: [
    {
      states: ["StartAnother"],
      actions: ["states:StartExecution"],
      resources: [reconcile.arn, curatedToProd.arn, digitalDna.arn],
    },
  ],
});

/** Every machine whose failed executions `on-failure` looks after; itself it could not. */
export const watched = [rawToCurated, reconcile, curatedToProd, featurePipeline, digitalDna, campaign];
