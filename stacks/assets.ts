import { assetsUrl } from "./delivery-network.ts";
import { keyThrough } from "./encryption.ts";
import { generatedImages, rateLimits } from "./lake.ts";
import { list, objects, PUT, READ } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sealedQueue } from "./lib/queue.ts";
import { task } from "./lib/task.ts";
import { deadLetterQueue } from "./monitoring.ts";
import { generatedAssets, uploads } from "./storage.ts";

const own = settings.assets;
const { imageModel, receives } = own;

/** Messages that could not be drawn in all their receives, and those that are not ours. */
export const imageRequestsDead = deadLetterQueue("ImageRequestsDead", "image-requests-dead");

/** Pictures to draw. */
export const imageRequests = sealedQueue("ImageRequests", {
  physicalName: "image-requests",
  visibilitySeconds: own.visibilitySeconds,
  deadLetters: { queue: imageRequestsDead, receives },
});

/** What the API and what draws know. Values only: a link with permissions would grant `s3:*`. */
export const link = new sst.Linkable("Assets", {
  properties: {
    imagesTable: generatedImages.name,
    limitsTable: rateLimits.name,
    uploadsBucket: uploads.name,
    generatedBucket: generatedAssets.name,
    queueUrl: imageRequests.url,
    baseUrl: assetsUrl,
    imageModel,
    recordDays: own.recordDays,
    lostMinutes: own.lostMinutes,
    functionSeconds: own.functionSeconds,
    receives,
    uploadSeconds: own.uploadSeconds,
    uploadBytes: own.uploadBytes,
    pixels: own.pixels,
    rates: own.rates,
  },
});

export const generateImages = task("GenerateImages", {
  description: "Draws the pictures that were asked for, each paid once",
  handler: "packages/assets/src/tasks/generate-images.handler",
  memoryMb: own.memoryMb,
  timeoutSeconds: own.functionSeconds,
  link: [link],
  install: {},
  grants: [
    { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [generatedImages.arn] },
    objects(generatedAssets, [...PUT, ...READ], "generated/"),
    // Whether a picture is there already is asked by a HEAD.
    list(generatedAssets),
    {
      actions: ["bedrock:InvokeModel"],
      resources: [`arn:aws:bedrock:${imageModel.region}::foundation-model/${imageModel.modelId}`],
    },
    {
      // Lambda takes and removes messages in the function's name.
      actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      resources: [imageRequests.arn],
    },
    keyThrough("dynamodb", "s3", "sqs read"),
  ],
});

/** Messages one by one back into the queue, as the function says: the others of their batch are done. */
new aws.lambda.EventSourceMapping("ImageRequestsMapping", {
  eventSourceArn: imageRequests.arn,
  functionName: generateImages.name,
  batchSize: own.batch,
  maximumBatchingWindowInSeconds: 0,
  functionResponseTypes: ["ReportBatchItemFailures"],
  scalingConfig: { maximumConcurrency: own.concurrency },
});
