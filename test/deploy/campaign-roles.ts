import { asking } from "./dna-roles.ts";

const READ = ["s3:GetObject"];
const LIST = ["s3:ListBucket"];
const BOTH = ["s3:GetObject", "s3:PutObject"];
const INVOKE = ["lambda:InvokeFunction"];
const LOOK = ["dynamodb:GetItem"];
const LOOK_AND_CHANGE = ["dynamodb:GetItem", "dynamodb:UpdateItem"];
const LOOK_AND_PUT = ["dynamodb:GetItem", "dynamodb:PutItem"];

const tasks = [
  ...["AnalyseImage", "CheckCampaign", "EnrichData", "StoreCampaign"],
  ...["SynthesiseCampaign", "UnderstandMarket"],
];

/** What the API may do for who makes campaigns and pictures: begin one, sign uploads, count how much each user has had. */
export const makingCampaigns: Record<string, string[]> = {
  "table/products": LOOK_AND_PUT,
  "table/CampaignCache": LOOK_AND_PUT,
  "table/generated_images": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  "table/RateLimits": LOOK_AND_CHANGE,
  "uploads/uploads/*": BOTH,
  uploads: LIST,
  "image-requests": ["sqs:SendMessage"],
  "stateMachine:campaign": ["states:StartExecution"],
  "execution:campaign:*": ["states:DescribeExecution"],
};

/** What each role of campaigns and pictures may do, by resource. */
export const campaignRoles: Readonly<Record<string, Record<string, string[]>>> = {
  AnalyseImageRole: {
    "table/products": LOOK_AND_CHANGE,
    "*": ["rekognition:DetectLabels"],
    "uploads/uploads/*": READ,
  },
  EnrichDataRole: { "table/products": LOOK_AND_CHANGE, "table/CampaignCache": LOOK_AND_PUT },
  UnderstandMarketRole: { "table/products": LOOK_AND_CHANGE, ...asking },
  // What it writes from is handed to it.
  SynthesiseCampaignRole: asking,
  CheckCampaignRole: { "table/products": LOOK },
  StoreCampaignRole: { "table/products": LOOK_AND_CHANGE },
  GenerateImagesRole: {
    "table/generated_images": LOOK_AND_CHANGE,
    "generatedassets/generated/*": BOTH,
    generatedassets: LIST,
    "arn:aws:bedrock:us-west-2::foundation-model/stability.stable-image-core-v1:1": ["bedrock:InvokeModel"],
    "image-requests": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
  },
  CampaignMakerRole: {
    ...Object.fromEntries(tasks.map((task) => [task, INVOKE])),
    ...asking,
    "table/products": LOOK_AND_CHANGE,
    "table/generated_images": ["dynamodb:PutItem"],
    "table/Runs": ["dynamodb:UpdateItem"],
    "image-requests": ["sqs:SendMessage"],
  },
};
