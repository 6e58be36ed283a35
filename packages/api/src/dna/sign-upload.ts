import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { SignedUpload } from "./exports.ts";

/**
 * Signs uploads into a bucket: of one key, of exactly so many bytes, for so many seconds. What else is sent of headers is the
 * sender's own.
 * @param client one that adds no checksum of its own (`requestChecksumCalculation: "WHEN_REQUIRED"`): it would be of no bytes
 */
export function uploadSigner(
  client: S3Client,
  bucket: string,
): (key: string, bytes: number, seconds: number) => Promise<SignedUpload> {
  return async (key, bytes, seconds) => ({
    url: await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: bytes }),
      {
        expiresIn: seconds,
        // Else it would only be recommended: the SDK signs it when it is told to.
        signableHeaders: new Set(["content-length", "host"]),
      },
    ),
    headers: { "content-length": String(bytes) },
  });
}
