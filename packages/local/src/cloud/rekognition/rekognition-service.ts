import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import type { AwsClients, Identity } from "../aws-clients.ts";
import { answerJson } from "../gateway/answer.ts";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Caller, Service } from "../gateway/call.ts";
import { actionOf, type Parameters, readParameters } from "../gateway/json-service.ts";
import { labelsOf, type OfflineLabel, offlineLabels } from "./offline-labels.ts";
import { pixelFacts, Undecodable } from "./pixel-facts.ts";

const LIMIT_BYTES = 1024 * 1024;
/** Of a picture that lies in S3. Source: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html */
const MOST_BYTES = 15_000_000;
/** The service's own words for what it cannot get at. */
const UNREADABLE =
  "Unable to get object metadata from S3. Check object key, region and/or access permissions.";

/** What of DetectLabels there is here. */
const DetectLabels = v.strictObject({
  Image: v.strictObject({ S3Object: v.strictObject({ Bucket: v.string(), Name: v.string() }) }),
  MaxLabels: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1000),
  MinConfidence: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100)), 55),
});

/** The one of Rekognition's categories that what pixels tell belongs to. */
const Categories = [{ Name: "Colors and Visual Composition" }];

/**
 * Rekognition's DetectLabels over objects, which are read with the caller's rights, without a model: `LabelModelVersion`
 * says so in every answer.
 *
 * @param delayMs waited before an answer, in real time
 */
export function rekognitionService(clients: Pick<AwsClients, "call">, delayMs = 0): Service {
  return {
    protocol: "json",
    async handle(call) {
      const action = actionOf(call);
      if (action !== "DetectLabels")
        throw new NotImplemented("rekognition", action || "without an X-Amz-Target");
      const { Image, MaxLabels, MinConfidence } = parse(await readParameters(call.request, LIMIT_BYTES));
      if (delayMs > 0) await pause(delayMs);
      const bytes = await objectOf(clients, Image.S3Object, identityOf(call.caller));
      const labels = labelsOf(await pixelFacts(bytes).catch(refused));
      const found = labels.filter(({ Confidence }) => Confidence >= MinConfidence).slice(0, MaxLabels);
      const body = { Labels: found.map(labelAnswer), LabelModelVersion: offlineLabels };
      answerJson(call, 200, body, "application/x-amz-json-1.1");
    },
  };
}

function labelAnswer({ Name, Confidence }: OfflineLabel): object {
  return { Name, Confidence, Instances: [], Parents: [], Aliases: [], Categories };
}

/** @throws {AwsError} InvalidParameterException; NotImplemented for what Rekognition has and this has not */
function parse(parameters: Parameters): v.InferOutput<typeof DetectLabels> {
  const { Features, Settings, Image } = parameters;
  const general = Features === undefined || JSON.stringify(Features) === '["GENERAL_LABELS"]';
  if (!general || Settings !== undefined)
    throw new NotImplemented("rekognition", "DetectLabels with Features or Settings");
  if (typeof Image === "object" && Image !== null && "Bytes" in Image)
    throw new NotImplemented("rekognition", "DetectLabels of bytes in the request");
  const { Features: _, ...others } = parameters;
  const parsed = v.safeParse(DetectLabels, others);
  if (parsed.success) return parsed.output;
  const [first] = parsed.issues;
  throw new AwsError(
    "InvalidParameterException",
    `Request has invalid parameters: ${v.getDotPath(first) ?? "the request"}: ${first.message}`,
  );
}

function identityOf({ role, session = "", service }: Caller): Identity {
  if (role !== undefined) return { role, session };
  return service === undefined ? { operator: true } : { service };
}

/** @throws {AwsError} InvalidS3ObjectException for one that is not there or that the caller may not read */
async function objectOf(
  clients: Pick<AwsClients, "call">,
  { Bucket, Name }: { readonly Bucket: string; readonly Name: string },
  as: Identity,
): Promise<Uint8Array> {
  const get = (action: string) =>
    clients
      .call("s3", action, { Bucket, Key: Name }, { ...as, signal: AbortSignal.timeout(30_000) })
      .catch((error: unknown) => {
        if (error instanceof Error && "$metadata" in error)
          throw new AwsError("InvalidS3ObjectException", UNREADABLE);
        throw error;
      });
  const { output: head } = await get("headObject");
  if (Number(head.ContentLength) > MOST_BYTES)
    throw new AwsError("ImageTooLargeException", "Image size is too large");
  const { output } = await get("getObject");
  const body = output.Body;
  if (!isStream(body)) throw new Error(`S3 gave no body for s3://${Bucket}/${Name}`);
  return body.transformToByteArray();
}

function isStream(body: unknown): body is { transformToByteArray(): Promise<Uint8Array> } {
  return (
    typeof body === "object" &&
    body !== null &&
    "transformToByteArray" in body &&
    typeof body.transformToByteArray === "function"
  );
}

function refused(error: unknown): never {
  if (!(error instanceof Undecodable)) throw error;
  if (error.why === "large") throw new AwsError("ImageTooLargeException", "Image dimensions are too large");
  if (error.why === "small")
    throw new AwsError("InvalidParameterException", "Request has invalid parameters: the image is too small");
  throw new AwsError("InvalidImageFormatException", "Request has invalid image format");
}
