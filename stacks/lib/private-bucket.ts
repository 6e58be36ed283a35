import { key } from "../encryption.ts";
import { settings } from "./identity.ts";
import type { Grant } from "./policy.ts";

/** When objects move or go, in days; a rule for a prefix, or for the whole bucket. */
export interface Lifecycle {
  readonly id: string;
  readonly prefix?: string;
  readonly glacierDays?: number;
  /** To the class of Glacier whose objects are read without being restored first. */
  readonly instantGlacierDays?: number;
  readonly expireDays?: number;
}

/** A service that reads objects under a prefix, under conditions. */
export interface Reader {
  readonly service: string;
  readonly prefix: string;
  readonly conditions: NonNullable<Grant["conditions"]>;
}

/**
 * A bucket that nobody outside reaches: encrypted with our key and no other, over TLS only, public access blocked,
 * owned whole by this account, unfinished uploads aborted. SST names it and writes the TLS policy and the block.
 *
 * @param events whether S3 tells EventBridge of new objects. One BucketNotification per bucket: a second would replace
 * the first.
 * @param readers services that read with no role of ours. They stand in the bucket's one policy, which SST writes
 */
export function privateBucket(
  name: string,
  {
    versioned = false,
    events = false,
    lifecycle,
    readers = [],
  }: {
    versioned?: boolean;
    events?: boolean;
    lifecycle: readonly Lifecycle[];
    readers?: readonly Reader[];
  },
): sst.aws.Bucket {
  const bucket = new sst.aws.Bucket(name, {
    cors: false,
    versioning: versioned,
    policy: readers.map(({ service, prefix, conditions }) => ({
      effect: "allow",
      principals: [{ type: "service", identifiers: [service] }],
      actions: ["s3:GetObject"],
      paths: [`${prefix}*`],
      conditions: conditions.map(({ test, variable, values }) => ({ test, variable, values: [...values] })),
    })),
    transform: { bucket: { forceDestroy: !settings.protect } },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [
      {
        // One data key per bucket and hour instead of one per object: a hundredth of the calls to KMS.
        bucketKeyEnabled: true,
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
      },
    ],
  });
  new aws.s3.BucketOwnershipControls(`${name}Ownership`, {
    bucket: bucket.name,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, {
    bucket: bucket.name,
    rules: [
      {
        id: "unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: settings.retention.unfinishedUploadDays },
      },
      ...(versioned
        ? [
            {
              id: "old-versions",
              status: "Enabled",
              filter: { prefix: "" },
              noncurrentVersionExpiration: { noncurrentDays: settings.retention.oldVersionDays },
              expiration: { expiredObjectDeleteMarker: true },
            },
          ]
        : []),
      ...lifecycle.map(({ id, prefix = "", glacierDays, instantGlacierDays, expireDays }) => ({
        id,
        status: "Enabled",
        filter: { prefix },
        ...(glacierDays !== undefined && { transitions: [{ days: glacierDays, storageClass: "GLACIER" }] }),
        ...(instantGlacierDays !== undefined && {
          transitions: [{ days: instantGlacierDays, storageClass: "GLACIER_IR" }],
        }),
        ...(expireDays !== undefined && { expiration: { days: expireDays } }),
      })),
    ],
  });
  if (events) new aws.s3.BucketNotification(`${name}Events`, { bucket: bucket.name, eventbridge: true });
  return bucket;
}
