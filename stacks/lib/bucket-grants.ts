import type { Grant } from "./policy.ts";

/** Actions on the objects of a bucket, or on those under a prefix. */
export const objects = (bucket: sst.aws.Bucket, actions: readonly string[], prefix = ""): Grant => ({
  actions,
  resources: [$interpolate`${bucket.arn}/${prefix}*`],
});

/** Also needed to be told of an object that it is not there: without it S3 answers 403 instead of 404. */
export const list = (...buckets: readonly sst.aws.Bucket[]): Grant => ({
  actions: ["s3:ListBucket"],
  resources: buckets.map((bucket) => bucket.arn),
});

export const READ = ["s3:GetObject"];
export const PUT = ["s3:PutObject"];
// Rows go up in parts; an upload that fails is aborted.
export const UPLOAD = ["s3:AbortMultipartUpload", "s3:PutObject"];
export const REMOVE = ["s3:DeleteObject"];
