import { randomUUID } from "node:crypto";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamoImages } from "@penstock/assets/images";
import { AssetsSettings } from "@penstock/assets/settings";
import { s3Uploads } from "@penstock/assets/uploads";
import { clients, fromAws } from "@penstock/runtime/aws";
import { resource } from "@penstock/runtime/resource";
import { linkedPermits } from "../limits/linked.ts";
import type { Assets } from "./assets.ts";
import { callerAssets } from "./caller-assets.ts";

/** Pictures and uploads of the stage that the function is deployed in. */
export function linkedAssets(): Assets {
  const settings = resource("Assets", AssetsSettings);
  const { imagesTable, uploadsBucket, queueUrl } = settings;
  // Of a region there is one endpoint, and locally it is another than the host of the queue's URL.
  const queue = new SQSClient({ useQueueUrlAsEndpoint: false });
  return callerAssets({
    records: dynamoImages(clients.dynamo, imagesTable),
    uploads: s3Uploads(clients.s3, uploadsBucket),
    async send(message) {
      const MessageBody = JSON.stringify(message);
      await queue
        .send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }))
        .catch(fromAws("the queue of pictures"));
    },
    take: linkedPermits(settings),
    settings,
    newId: randomUUID,
    now: () => new Date(),
  });
}
