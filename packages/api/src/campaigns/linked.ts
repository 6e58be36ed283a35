import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { AssetsSettings, Rate } from "@penstock/assets/settings";
import { s3Uploads } from "@penstock/assets/uploads";
import { dynamoCampaigns } from "@penstock/campaign/requests";
import type { ExecutionStatus } from "@penstock/contracts";
import { clients } from "@penstock/runtime/aws";
import { Executions, stepFunctionsExecutions, UnknownExecution } from "@penstock/runtime/executions";
import { resource } from "@penstock/runtime/resource";
import * as v from "valibot";
import { linkedPermits, linkedWaits } from "../limits/linked.ts";
import { callerCampaigns } from "./caller-campaigns.ts";
import type { Campaigns } from "./campaigns.ts";
import type { ExecutionEnd } from "./wait-for-campaign.ts";

const positive = v.pipe(v.number(), v.minValue(1));

/** What the deployment links, of the settings of campaigns. */
const CampaignLink = v.object({
  productsTable: v.string(),
  cacheTable: v.string(),
  model: v.object({ modelId: v.string() }),
  waitSeconds: positive,
  storeHours: positive,
  rates: v.object({ campaign: Rate }),
});

/** The machine: apart from the others, whose executions everybody who runs pipelines may look at. */
const CampaignMachine = v.object({ arn: v.string() });

const ENDS: Readonly<Record<ExecutionStatus, ExecutionEnd>> = {
  RUNNING: "running",
  PENDING_REDRIVE: "running",
  SUCCEEDED: "succeeded",
  FAILED: "interrupted",
  TIMED_OUT: "interrupted",
  ABORTED: "interrupted",
};

/** Campaigns of the stage that the function is deployed in. */
export function linkedCampaigns(stepFunctions: SFNClient): Campaigns {
  const settings = resource("Campaign", CampaignLink);
  const assets = resource("Assets", AssetsSettings);
  const { productsTable, cacheTable, model, waitSeconds, storeHours, rates } = settings;
  const {
    uploadsBucket,
    limitsTable,
    pixels,
    rates: { judge },
  } = assets;
  const machines = { campaign: resource("CampaignMachine", CampaignMachine).arn };
  const executions = new Executions(stepFunctionsExecutions(stepFunctions), machines);
  return callerCampaigns({
    campaigns: dynamoCampaigns(clients.dynamo, { products: productsTable, cache: cacheTable }, storeHours),
    uploads: s3Uploads(clients.s3, uploadsBucket),
    uploadsBucket,
    pixels,
    take: linkedPermits({ limitsTable, rates: { ...rates, judge } }),
    // Nobody needs to wait more often than they may ask.
    mayWait: linkedWaits({ limitsTable, rate: rates.campaign }),
    async start(name, input) {
      await executions.start("campaign", input, name);
    },
    async execution(name) {
      try {
        return ENDS[(await executions.status(`campaign:${name}`)).status];
      } catch (error) {
        if (error instanceof UnknownExecution) return "missing";
        throw error;
      }
    },
    sleep: (milliseconds) => sleep(milliseconds),
    modelId: model.modelId,
    waitSeconds,
    storeHours,
    newId: randomUUID,
    now: () => new Date(),
  });
}
