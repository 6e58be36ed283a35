import { keyThrough } from "./encryption.ts";
import { campaignCache, products } from "./lake.ts";
import { objects, READ } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { askingModel } from "./model-access.ts";
import { openAiKey, youTubeKey } from "./secrets.ts";
import { uploads } from "./storage.ts";

const own = settings.campaign;
const { foundationModel: _model, foundationRegions: _regions, ...model } = own.model;
const { mostPerCampaign, recordDays } = settings.assets;

/** What every task of campaigns knows, and the API of it. Values only: a link with permissions would grant `dynamodb:*`. */
export const link = new sst.Linkable("Campaign", {
  properties: {
    productsTable: products.name,
    cacheTable: campaignCache.name,
    model,
    market: own.market,
    synthesis: own.synthesis,
    labels: own.labels,
    youtube: own.youtube,
    images: { mostPerCampaign, recordDays },
    waitSeconds: own.waitSeconds,
    storeHours: own.storeHours,
    rates: own.rates,
  },
});

/** Actions on the record of a product. */
const onProduct = (...actions: string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [products.arn],
});

const handler = (name: string) => `packages/campaign/src/tasks/${name}.handler`;
const looks = {
  memoryMb: own.memoryMb,
  timeoutSeconds: own.taskSeconds,
  link: [link],
  install: {},
};
const asks = { ...looks, timeoutSeconds: own.modelTaskSeconds, link: [link, openAiKey] };

export const analyseImage = task("AnalyseImage", {
  ...looks,
  description: "Says what is seen in a product's picture",
  handler: handler("analyse-image"),
  grants: [
    onProduct("GetItem", "UpdateItem"),
    // It reads the picture with the caller's rights. DetectLabels takes no resource: AWS defines it on `*` only.
    { actions: ["rekognition:DetectLabels"], resources: ["*"] },
    objects(uploads, READ, "uploads/"),
    keyThrough("dynamodb", "rekognition read", "s3 read"),
  ],
});

export const enrichData = task("EnrichData", {
  ...looks,
  link: [link, youTubeKey],
  description: "Finds videos about a product, with their numbers",
  handler: handler("enrich-data"),
  grants: [
    onProduct("GetItem", "UpdateItem"),
    { actions: ["dynamodb:GetItem", "dynamodb:PutItem"], resources: [campaignCache.arn] },
    keyThrough("dynamodb"),
  ],
});

export const understandMarket = task("UnderstandMarket", {
  ...asks,
  description: "Asks a model what to know about a market",
  handler: handler("understand-market"),
  grants: [onProduct("GetItem", "UpdateItem"), askingModel(own.model), keyThrough("dynamodb")],
});

export const synthesiseCampaign = task("SynthesiseCampaign", {
  ...asks,
  description: "Asks a model for a campaign, from all that was found out",
  handler: handler("synthesise-campaign"),
  grants: [askingModel(own.model)],
});

export const checkCampaign = task("CheckCampaign", {
  ...looks,
  description: "Judges a draft of a campaign, whoever wrote it",
  handler: handler("check-campaign"),
  grants: [onProduct("GetItem"), keyThrough("dynamodb")],
});

export const storeCampaign = task("StoreCampaign", {
  ...looks,
  description: "Stores a campaign, and counts who made it",
  handler: handler("store-campaign"),
  grants: [onProduct("GetItem", "UpdateItem"), keyThrough("dynamodb")],
});
