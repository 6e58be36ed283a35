import { randomUUID } from "node:crypto";
import { ImageMessage } from "@penstock/contracts";
import { clients, type MessageContext, queueTask, resource } from "@penstock/runtime";
import { dynamoImages } from "../images/dynamo-images.ts";
import { generateImage, type ImageEvent } from "../images/generate-image.ts";
import type { ImageModel } from "../images/image-model.ts";
import { linkedImageModel } from "../images/linked-image-model.ts";
import { s3StoredImages } from "../images/s3-stored-images.ts";
import { AssetsSettings } from "../settings.ts";

let model: ImageModel | undefined;

/** Draws the pictures that messages of the queue name. */
export const handler = queueTask(ImageMessage, async ({ request_id: id }, context) => {
  const settings = resource("Assets", AssetsSettings);
  model ??= linkedImageModel(settings.imageModel);
  const { log, metrics, now, receives } = context;
  await generateImage(id, receives, {
    records: dynamoImages(clients.dynamo, settings.imagesTable),
    model,
    images: s3StoredImages(clients.s3, settings.generatedBucket),
    settings,
    newClaim: randomUUID,
    now,
    tell(event) {
      log.info("picture", { ...event, receives });
      count(metrics, event, settings.imageModel.priceUsd);
    },
  });
});

function count(metrics: MessageContext["metrics"], event: ImageEvent, priceUsd: number): void {
  // All of them, so that an alarm can reckon with the one that has never been. What a filter stops is its prompt's own affair.
  if (event.event !== "paid") {
    const filtered = event.event === "failed" && event.error === "filtered";
    metrics.addMetric("ImagesCompleted", "Count", event.event === "completed" ? 1 : 0);
    metrics.addMetric("ImagesFiltered", "Count", filtered ? 1 : 0);
    metrics.addMetric("ImagesFailed", "Count", event.event === "failed" && !filtered ? 1 : 0);
  }
  if (event.event === "paid") metrics.addMetric("ImageCostUsd", "None", priceUsd);
  if (event.event !== "failed") return;
  const byError = metrics.singleMetric();
  byError.addDimension("Error", event.error);
  byError.addMetric("ImagesFailed", "Count", 1);
}
