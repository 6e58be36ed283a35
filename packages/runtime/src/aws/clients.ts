import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";

/**
 * The AWS clients of a task, each built on first use and once in a sandbox. Nothing is configured here: region,
 * credentials and, on the local cloud, the endpoint come from the standard environment (`AWS_REGION`,
 * `AWS_ENDPOINT_URL`), so that the same code runs in both places.
 */
export const clients = {
  get s3(): S3Client {
    s3 ??= newS3Client();
    return s3;
  },
  get dynamo(): DynamoDBClient {
    dynamo ??= new DynamoDBClient({});
    return dynamo;
  },
};

let s3: S3Client | undefined;
let dynamo: DynamoDBClient | undefined;

/**
 * An S3 client for the current environment. An endpoint of one's own has no host per bucket, so the bucket goes into
 * the path there.
 */
export function newS3Client(more: Pick<S3ClientConfig, "requestChecksumCalculation"> = {}): S3Client {
  const local = process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined;
  const client = new S3Client({ ...more, ...(local && { forcePathStyle: true }) });
  client.middlewareStack.add(
    (next) => (args) => {
      leaveUnsigned(args.request);
      return next(args);
    },
    { step: "build", name: "unsignedBodies" },
  );
  return client;
}

/**
 * Leaves a body of bytes out of the request's signature, as AWS's own command line does: the connection protects it, and the
 * checksum that the SDK sends along tells whether it arrived. Its SHA-256 would be a third of what an upload costs.
 */
function leaveUnsigned(request: unknown): void {
  if (typeof request !== "object" || request === null || !("headers" in request) || !("body" in request))
    return;
  const { headers, body } = request;
  if (ArrayBuffer.isView(body) && typeof headers === "object" && headers !== null)
    Object.assign(headers, { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" });
}
