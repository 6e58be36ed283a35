import type { Parameters } from "../../gateway/json-service.ts";
import type { Demand } from "../demand.ts";
import { type Facts, isRecord, keyUse, optionalText } from "../facts.ts";

/**
 * Which permissions Rekognition asks for: the action's own, which is of no resource, and the use of the key that seals the
 * picture. It reads the picture from S3 as the caller, where S3 asks for its own.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrekognition.html and
 * https://docs.aws.amazon.com/rekognition/latest/dg/security-data-encryption.html
 */
export function rekognitionDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const image = isRecord(parameters.Image) ? parameters.Image : {};
  const object = isRecord(image.S3Object) ? image.S3Object : {};
  const bucket = `arn:aws:s3:::${optionalText(object, "Bucket")}`;
  return [
    { action: `rekognition:${action}`, resource: "*" },
    ...keyUse(facts, "rekognition", bucket, ["kms:Decrypt"], { "aws:s3:arn": bucket }),
  ];
}
