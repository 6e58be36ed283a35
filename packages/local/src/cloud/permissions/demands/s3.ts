import { type Call, header } from "../../gateway/call.ts";
import { postForm } from "../../services/s3/post-form.ts";
import { postedKey } from "../../services/s3/post-object.ts";
import type { Demand } from "../demand.ts";
import { type Facts, keyUse } from "../facts.ts";

/** Parameters of a listing that policies may ask for, by their context key. */
const LISTING = { "s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:max-keys": "max-keys" } as const;

function listing(call: Call): Record<string, string> {
  const given = Object.entries(LISTING).map(([key, parameter]) => [key, call.query.get(parameter)]);
  return Object.fromEntries(given.filter(([, value]) => value !== null));
}

/** Headers of a write that policies may ask for. */
const WRITING = ["x-amz-acl", "x-amz-server-side-encryption", "x-amz-storage-class"];

function writing(call: Call): Record<string, string> {
  const given = WRITING.map((name) => [`s3:${name}`, header(call.request, name)]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The object ARN of a bucket and key. */
export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

/**
 * Which permissions S3 asks for. Sources:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html for the actions,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html for the key.
 *
 * A bucket that does not exist is answered as such whoever asks. DeleteObjects asks for each key by itself, and a read
 * of a missing object for s3:ListBucket: only the service knows when.
 */
export function s3Demands(call: Call, facts: Facts): readonly Demand[] {
  const [, bucketPart = "", keyPart = ""] = /^\/([^/]*)\/?(.*)$/s.exec(call.path) ?? [];
  const [bucket, key] = [decoded(bucketPart), decoded(keyPart)];
  if (bucket === "") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  if (!facts.hasBucket(bucket)) return [];
  const form = key === "" ? postForm(call.request) : undefined;
  if (form !== undefined) return onObject(call, facts, bucket, postedKey(form));
  return key === "" ? onBucket(call, bucket) : onObject(call, facts, bucket, key);
}

function onBucket(call: Call, bucket: string): Demand[] {
  const { query, request } = call;
  const resource = `arn:aws:s3:::${bucket}`;
  if (request.method === "POST" && query.has("delete")) return [];
  if (request.method === "GET" && query.has("location"))
    return [{ action: "s3:GetBucketLocation", resource }];
  if (request.method === "GET" && query.has("uploads")) {
    return [{ action: "s3:ListBucketMultipartUploads", resource }];
  }
  return [{ action: "s3:ListBucket", resource, context: listing(call) }];
}

function onObject(call: Call, facts: Facts, bucket: string, key: string): Demand[] {
  const { query, request } = call;
  const resource = objectArn(bucket, key);
  const seal = (of: string, ...actions: string[]) =>
    keyUse(facts, "s3", `arn:aws:s3:::${of}`, actions, { "aws:s3:arn": `arn:aws:s3:::${of}` });
  const put: Demand = { action: "s3:PutObject", resource, context: writing(call) };
  const part = query.has("uploadId");
  switch (request.method) {
    case "GET":
    case "HEAD": {
      if (part) return [{ action: "s3:ListMultipartUploadParts", resource }];
      const get: Demand = { action: "s3:GetObject", resource };
      // The facts of an object are not sealed; its checksums are.
      const sealed = request.method === "GET" || header(request, "x-amz-checksum-mode") !== undefined;
      return sealed ? [get, ...seal(bucket, "kms:Decrypt")] : [get];
    }
    case "DELETE":
      return [{ action: part ? "s3:AbortMultipartUpload" : "s3:DeleteObject", resource }];
    case "POST":
      if (postForm(call.request) !== undefined) return [put, ...seal(bucket, "kms:GenerateDataKey")];
      return [put, ...seal(bucket, query.has("uploads") ? "kms:GenerateDataKey" : "kms:Decrypt")];
    default: {
      if (part) return [put, ...seal(bucket, "kms:Decrypt")];
      const source = decoded(header(request, "x-amz-copy-source") ?? "").replace(/^\//, "");
      const write = [put, ...seal(bucket, "kms:GenerateDataKey")];
      const slash = source.indexOf("/");
      if (slash <= 0) return write;
      const from = source.slice(0, slash);
      const get: Demand = { action: "s3:GetObject", resource: `arn:aws:s3:::${source}` };
      return [get, ...write, ...seal(from, "kms:Decrypt")];
    }
  }
}
