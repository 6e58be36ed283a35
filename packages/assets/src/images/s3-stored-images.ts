import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { fromAws } from "@penstock/runtime/aws";
import { ContractViolation, ObjectMissing } from "@penstock/runtime/errors";
import * as v from "valibot";
import type { StoredImages } from "./stored-image.ts";

const pixels = v.pipe(v.string(), v.digits(), v.transform(Number));

/** What stands beside a picture's bytes: whoever finds it need not read them. */
const Metadata = v.object({
  width: pixels,
  height: pixels,
  model: v.string(),
  offline: v.pipe(
    v.picklist(["true", "false"]),
    v.transform((text) => text === "true"),
  ),
});

/** Pictures in a bucket. Who looks for one that is not there needs to list it (`s3:ListBucket`): else S3 says 403, not 404. */
export function s3StoredImages(client: S3Client, bucket: string): StoredImages {
  const failed = fromAws(`a picture in ${bucket}`);
  return {
    async put(key, png, { width, height, model, offline }) {
      await client
        .send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: png,
            ContentType: "image/png",
            // Whoever drew it before has paid for it: theirs stays.
            IfNoneMatch: "*",
            Metadata: {
              width: String(width),
              height: String(height),
              model,
              offline: String(offline),
            },
          }),
        )
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === "PreconditionFailed") return;
          failed(error);
        });
    },
    async find(key) {
      const found = await client
        .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        .catch(failed)
        .catch((error: unknown) => {
          if (error instanceof ObjectMissing) return undefined;
          throw error;
        });
      if (found === undefined) return undefined;
      const known = v.safeParse(Metadata, found.Metadata);
      if (!known.success || found.ContentLength === undefined || found.LastModified === undefined)
        throw new ContractViolation(
          `a picture in ${bucket} does not say what it is: somebody else put it there`,
        );
      return { ...known.output, bytes: found.ContentLength, storedAt: found.LastModified };
    },
  };
}
