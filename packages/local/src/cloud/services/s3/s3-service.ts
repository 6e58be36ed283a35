import { answerXml, escapeXml } from "../../gateway/answer.ts";
import { AwsError, NotImplemented } from "../../gateway/aws-error.ts";
import { type Call, header, type Service } from "../../gateway/call.ts";
import type { CredentialIssuer } from "../../gateway/credentials.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { deleteObject, deleteObjects } from "./delete-objects.ts";
import { listObjects } from "./list-objects.ts";
import { postForm } from "./post-form.ts";
import { postObject } from "./post-object.ts";
import { readObject } from "./read-object.ts";
import { completeUpload, copyObject, createUpload, putObject, uploadPart } from "./write-object.ts";

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/**
 * Parameters that change what a call means and that nothing here answers to. Whoever sends one must hear that it was
 * not obeyed.
 */
const REFUSED_HEADERS = [
  "x-amz-tagging",
  "x-amz-website-redirect-location",
  "x-amz-object-lock-mode",
  "x-amz-object-lock-retain-until-date",
  "x-amz-object-lock-legal-hold",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-copy-source-range",
  "x-amz-copy-source-if-none-match",
  "x-amz-copy-source-if-modified-since",
  "x-amz-copy-source-if-unmodified-since",
  "x-amz-if-match-last-modified-time",
  "x-amz-if-match-size",
  "x-amz-write-offset-bytes",
  "x-amz-grant-read",
  "x-amz-grant-write",
  "x-amz-grant-full-control",
];

/** Query parameters that are data of a call here; any other names a subresource that does not exist. */
const KNOWN_PARAMETERS = new Set([
  "list-type",
  "prefix",
  "delimiter",
  "max-keys",
  "continuation-token",
  "start-after",
  "marker",
  "encoding-type",
  "fetch-owner",
  "uploads",
  "uploadId",
  "partNumber",
  "delete",
  "location",
  "x-id",
]);

function requireImplemented(call: Call): void {
  for (const name of call.query.keys()) {
    if (KNOWN_PARAMETERS.has(name) || name.startsWith("response-") || name.toLowerCase().startsWith("x-amz-"))
      continue;
    throw new NotImplemented("s3", `${call.request.method} with "${name}"`);
  }
  const refused = REFUSED_HEADERS.find((name) => header(call.request, name) !== undefined);
  if (refused !== undefined) throw new NotImplemented("s3", `requests with ${refused}`);
  const storage = header(call.request, "x-amz-storage-class");
  if (storage !== undefined && storage !== "STANDARD")
    throw new NotImplemented("s3", `storage class ${storage}`);
  const acl = header(call.request, "x-amz-acl");
  if (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control") {
    throw new NotImplemented("s3", `the access control list ${acl}`);
  }
}

/** Bucket and key of a path-style request. The key is decoded once: a plus sign in it is a plus sign. */
function address(path: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function listBuckets(call: Call, buckets: Buckets): void {
  const created = buckets.created.toISOString();
  const listed = buckets
    .names()
    .map((name) => `<Bucket><Name>${name}</Name><CreationDate>${created}</CreationDate></Bucket>`);
  const owner = "<Owner><ID>000000000000</ID></Owner>";
  answerXml(
    call,
    200,
    `<ListAllMyBucketsResult ${NAMESPACE}>${owner}<Buckets>${listed.join("")}</Buckets></ListAllMyBucketsResult>`,
  );
}

function listUploads(call: Call, buckets: Buckets, bucket: Bucket): void {
  const listed = buckets.uploads
    .of(bucket.name)
    .map(
      ({ id, key, initiated }) =>
        `<Upload><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
    );
  const body = `<Bucket>${bucket.name}</Bucket><IsTruncated>false</IsTruncated>${listed.join("")}`;
  answerXml(call, 200, `<ListMultipartUploadsResult ${NAMESPACE}>${body}</ListMultipartUploadsResult>`);
}

function listParts(call: Call, buckets: Buckets, bucket: Bucket, key: string): void {
  const upload = buckets.uploads.get(call.query.get("uploadId") ?? "", bucket.name, key);
  const listed = [...upload.parts.values()]
    .sort((left, right) => left.number - right.number)
    .map(
      (part) =>
        `<Part><PartNumber>${part.number}</PartNumber><LastModified>${part.lastModified.toISOString()}</LastModified>` +
        `<ETag>&quot;${part.md5}&quot;</ETag><Size>${part.size}</Size></Part>`,
    );
  const head = `<Bucket>${bucket.name}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${upload.id}</UploadId>`;
  answerXml(
    call,
    200,
    `<ListPartsResult ${NAMESPACE}>${head}<IsTruncated>false</IsTruncated>${listed.join("")}</ListPartsResult>`,
  );
}

async function onBucket(
  call: Call,
  buckets: Buckets,
  bucket: Bucket,
  credentials: CredentialIssuer,
): Promise<void> {
  const { method } = call.request;
  const { query } = call;
  const form = postForm(call.request);
  if (form !== undefined) await postObject(call, form, buckets, credentials);
  else if (method === "HEAD") {
    call.response
      .writeHead(200, { "x-amz-bucket-region": buckets.region, "x-amz-request-id": call.requestId })
      .end();
  } else if (method === "GET" && query.has("location")) {
    const region = buckets.region === "us-east-1" ? "" : buckets.region;
    answerXml(call, 200, `<LocationConstraint ${NAMESPACE}>${region}</LocationConstraint>`);
  } else if (method === "GET" && query.has("uploads")) listUploads(call, buckets, bucket);
  else if (method === "GET") listObjects(call, bucket);
  else if (method === "POST" && query.has("delete")) await deleteObjects(call, buckets, bucket);
  else throw new NotImplemented("s3", `${method} on a bucket: buckets come from the deployment program`);
}

async function onObject(call: Call, buckets: Buckets, bucket: Bucket, key: string): Promise<void> {
  const { method } = call.request;
  const { query } = call;
  const part = query.has("uploadId");
  const copies = header(call.request, "x-amz-copy-source") !== undefined;
  if (Buffer.byteLength(key) > 1024) throw new AwsError("KeyTooLongError", "Your key is too long");
  if (!part && query.has("partNumber")) throw new NotImplemented("s3", `${method} of one part`);
  if (method === "GET" && part) listParts(call, buckets, bucket, key);
  else if (method === "GET" || method === "HEAD") await readObject(call, bucket, key);
  else if (method === "PUT" && part && copies) throw new NotImplemented("s3", "UploadPartCopy");
  else if (method === "PUT" && part) await uploadPart(call, buckets, bucket, key);
  else if (method === "PUT" && copies) await copyObject(call, buckets, bucket, key);
  else if (method === "PUT") await putObject(call, buckets, bucket, key);
  else if (method === "POST" && query.has("uploads")) createUpload(call, buckets, bucket, key);
  else if (method === "POST" && part) await completeUpload(call, buckets, bucket, key);
  else if (method === "DELETE" && part) {
    buckets.uploads.end(buckets.uploads.get(query.get("uploadId") ?? "", bucket.name, key));
    call.response.writeHead(204).end();
  } else if (method === "DELETE") deleteObject(call, buckets, bucket, key);
  else throw new NotImplemented("s3", `${method} on an object`);
}

/** S3 over path-style requests: objects, listings, multipart uploads, conditional reads and writes, uploads by forms. */
export function s3Service(buckets: Buckets, credentials: CredentialIssuer): Service {
  return {
    protocol: "rest-xml",
    async handle(call) {
      requireImplemented(call);
      const { bucket, key } = address(call.path);
      if (bucket === "" && call.request.method === "GET") listBuckets(call, buckets);
      else if (bucket === "") throw new NotImplemented("s3", `${call.request.method} /`);
      else if (key === "") await onBucket(call, buckets, buckets.get(bucket), credentials);
      else await onObject(call, buckets, buckets.get(bucket), key);
    },
  };
}
