import type { ImageAnalysis } from "@penstock/contracts";
import { labelsSummary } from "../agent/tool-result.ts";
import type { AnalysePorts } from "../ports.ts";
import { ownRecord } from "../record/own-record.ts";
import type { AnalyseImageInput } from "../task-inputs.ts";
import { labelsOf } from "./labels-of.ts";

/** How the local cloud's Rekognition begins the version of its model, so that its answers are never taken for a model's. */
const OFFLINE = "penstock-offline";

/** A picture that is analysed; the labels themselves are in the record. */
export interface AnalysedImage {
  readonly state: "ok";
  /** What an agent is told, at most 6 KB, data in a fence. */
  readonly summary: string;
  readonly labels: number;
}

/**
 * Lets Rekognition say what is seen in the product's picture, once for each product.
 * @throws {InvalidInput} for a product of another execution
 * @throws {UnusableImage} {@link ObjectMissing} {@link Throttled} {@link UpstreamUnavailable} {@link AccessDenied}
 */
export async function analyseImage(
  input: AnalyseImageInput,
  { records, settings, now, detector }: AnalysePorts,
): Promise<AnalysedImage> {
  const record = await ownRecord(records, input);
  const analysis = record.image_analysis ?? (await analysed());
  if (record.image_analysis === undefined) await records.putImageAnalysis(input.product_id, analysis);
  const { labels } = analysis;
  return {
    state: "ok",
    summary: labelsSummary(labels, input.max_labels ?? undefined),
    labels: labels.length,
  };

  async function analysed(): Promise<ImageAnalysis> {
    const { most, confidence } = settings.labels;
    const image = { bucket: record.s3_bucket, key: record.s3_key };
    const detected = await detector.detect(image, { most, confidence });
    return {
      labels: labelsOf(detected.labels).slice(0, most),
      model_version: detected.modelVersion,
      offline: detected.modelVersion.startsWith(OFFLINE),
      analyzed_at: now().toISOString(),
    };
  }
}
