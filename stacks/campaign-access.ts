import { imageRequests } from "./assets.ts";
import { campaignCache, generatedImages, products, rateLimits } from "./lake.ts";
import { list, objects, PUT, READ } from "./lib/bucket-grants.ts";
import { arn, named } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";
import { uploads } from "./storage.ts";
import { campaign } from "./workflows.ts";

/** Apart from the machines that who runs pipelines may look at: what a campaign was asked for is its user's, and stands in the execution's history. */
export const campaignMachine = new sst.Linkable("CampaignMachine", { properties: { arn: campaign.arn } });

/** To make campaigns and have pictures drawn, to sign uploads, and to count how much of it each user has had. */
export const makeCampaigns: readonly Grant[] = [
  { actions: ["dynamodb:GetItem", "dynamodb:PutItem"], resources: [products.arn, campaignCache.arn] },
  {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resources: [generatedImages.arn],
  },
  { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [rateLimits.arn] },
  objects(uploads, [...PUT, ...READ], "uploads/"),
  list(uploads),
  { actions: ["sqs:SendMessage"], resources: [imageRequests.arn] },
  { actions: ["states:StartExecution"], resources: [campaign.arn] },
  {
    actions: ["states:DescribeExecution"],
    resources: [arn("states", `execution:${named("campaign")}:*`)],
  },
];
