import { DetectLabelsCommand, type RekognitionClient } from "@aws-sdk/client-rekognition";
import { awsFailure } from "@penstock/runtime/aws";
import { type NamedError, ObjectMissing, UnusableImage } from "@penstock/runtime/errors";
import type { LabelDetector } from "../analyse/label-detector.ts";

/** What Rekognition says of bytes that it cannot look at. */
const UNUSABLE = new Set([
  "InvalidImageFormatException",
  "ImageTooLargeException",
  "InvalidParameterException",
]);

/** Rekognition's DetectLabels over pictures in S3, which it reads with the caller's rights. */
export function rekognitionDetector(client: Pick<RekognitionClient, "send">): LabelDetector {
  return {
    async detect({ bucket, key }, { most, confidence }) {
      const command = new DetectLabelsCommand({
        Image: { S3Object: { Bucket: bucket, Name: key } },
        MaxLabels: most,
        MinConfidence: confidence,
      });
      const answer = await client.send(command).catch((error: unknown) => {
        throw failure(`s3://${bucket}/${key}`, error);
      });
      return { labels: answer.Labels ?? [], modelVersion: answer.LabelModelVersion ?? "" };
    },
  };
}

function failure(about: string, error: unknown): NamedError {
  const name = error instanceof Error ? error.name : "";
  if (UNUSABLE.has(name))
    return new UnusableImage(
      `${about} is no picture that Rekognition can look at (${name}); upload another`,
      {
        cause: error,
      },
    );
  // It says so too where the object cannot be read with the caller's rights.
  if (name === "InvalidS3ObjectException")
    return new ObjectMissing(`${about} is not there, or not to be read by this role`, { cause: error });
  return awsFailure(`DetectLabels of ${about}`, error);
}
