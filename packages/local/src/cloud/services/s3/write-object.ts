import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { XMLParser } from "fast-xml-parser";
import { answerXml, escapeXml } from "../../gateway/answer.ts";
import { AwsError } from "../../gateway/aws-error.ts";
import { type Call, header } from "../../gateway/call.ts";
import { readBody } from "../../gateway/request-body.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { requireWriteAllowed } from "./conditions.ts";
import { openObject } from "./read-object.ts";
import { receiveBody } from "./receive-body.ts";
import { preconditionFailed, type StoredObject } from "./stored-object.ts";

const KEPT = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The headers that belong to the object: what it is, and the caller's own metadata. */
export function objectHeaders(call: Call): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const [name, value] of Object.entries(call.request.headers)) {
    if (typeof value === "string" && (KEPT.includes(name) || name.startsWith("x-amz-meta-")))
      kept[name] = value;
  }
  const encoding = (header(call.request, "content-encoding") ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked")
    .join(",");
  if (encoding !== "") kept["content-encoding"] = encoding;
  return kept;
}

function announce(buckets: Buckets, call: Call, bucket: Bucket, object: StoredObject, reason: string): void {
  const { key, size, sequencer } = object;
  const etag = object.etag.replaceAll('"', "");
  buckets.onChange({ kind: "created", reason, bucket: bucket.name, key, size, etag, sequencer, call });
}

/** PutObject. */
export async function putObject(call: Call, buckets: Buckets, bucket: Bucket, key: string): Promise<void> {
  requireWriteAllowed(call.request, bucket.get(key));
  const body = await receiveBody(call.request, buckets.incoming());
  // Asked again now that the body is here: what was written meanwhile counts.
  requireWriteAllowed(call.request, bucket.get(key));
  const object = bucket.put(
    {
      key,
      size: body.size,
      etag: `"${body.md5}"`,
      lastModified: new Date(),
      headers: objectHeaders(call),
      checksums: body.checksums,
    },
    body.file,
  );
  const type = Object.keys(body.checksums).length > 0 ? { "x-amz-checksum-type": "FULL_OBJECT" } : {};
  call.response.writeHead(200, {
    etag: object.etag,
    "content-length": 0,
    "x-amz-request-id": call.requestId,
    ...body.checksums,
    ...type,
  });
  call.response.end();
  announce(buckets, call, bucket, object, "PutObject");
}

/** Bucket and key of `x-amz-copy-source`. @throws {AwsError} InvalidArgument */
function copySource(call: Call): { bucket: string; key: string } {
  const source = decodeURIComponent(header(call.request, "x-amz-copy-source") ?? "").replace(/^\//, "");
  const slash = source.indexOf("/");
  if (slash <= 0) throw new AwsError("InvalidArgument", "Invalid copy source object key");
  return { bucket: source.slice(0, slash), key: source.slice(slash + 1) };
}

/** @throws {AwsError} PreconditionFailed, or InvalidRequest for a copy to itself that changes nothing */
function requireCopyAllowed(call: Call, source: StoredObject, target: StoredObject | undefined): void {
  const matches = header(call.request, "x-amz-copy-source-if-match")?.replaceAll('"', "");
  if (matches !== undefined && matches !== source.etag.replaceAll('"', "")) throw preconditionFailed();
  if (target === source && header(call.request, "x-amz-metadata-directive") !== "REPLACE") {
    throw new AwsError(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
}

/** CopyObject. */
export async function copyObject(call: Call, buckets: Buckets, bucket: Bucket, key: string): Promise<void> {
  const from = copySource(call);
  const { object: source, file: opened } = await openObject(buckets.get(from.bucket), from.key);
  const file = buckets.incoming();
  try {
    requireCopyAllowed(call, source, bucket.get(key));
    await pipeline(opened.createReadStream({ autoClose: false }), createWriteStream(file));
  } finally {
    await opened.close();
  }
  const replaces = header(call.request, "x-amz-metadata-directive") === "REPLACE";
  requireWriteAllowed(call.request, bucket.get(key));
  const { size, etag, checksums } = source;
  const headers = replaces ? objectHeaders(call) : source.headers;
  const object = bucket.put({ key, size, etag, lastModified: new Date(), headers, checksums }, file);
  const result = `<ETag>${escapeXml(object.etag)}</ETag><LastModified>${object.lastModified.toISOString()}</LastModified>`;
  answerXml(call, 200, `<CopyObjectResult ${NAMESPACE}>${result}</CopyObjectResult>`);
  announce(buckets, call, bucket, object, "CopyObject");
}

/** CreateMultipartUpload. */
export function createUpload(call: Call, buckets: Buckets, bucket: Bucket, key: string): void {
  const { id } = buckets.uploads.begin(bucket.name, key, objectHeaders(call));
  const result = `<Bucket>${bucket.name}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId>`;
  answerXml(
    call,
    200,
    `<InitiateMultipartUploadResult ${NAMESPACE}>${result}</InitiateMultipartUploadResult>`,
  );
}

/** UploadPart. */
export async function uploadPart(call: Call, buckets: Buckets, bucket: Bucket, key: string): Promise<void> {
  const upload = buckets.uploads.get(call.query.get("uploadId") ?? "", bucket.name, key);
  const number = Number(call.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new AwsError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  }
  const body = await receiveBody(call.request, buckets.incoming());
  const part = buckets.uploads.keep(upload, number, body);
  call.response.writeHead(200, {
    etag: `"${part.md5}"`,
    "content-length": 0,
    "x-amz-request-id": call.requestId,
    ...body.checksums,
  });
  call.response.end();
}

const xml = new XMLParser({ parseTagValue: false, trimValues: false, isArray: (name) => name === "Part" });

/** The parts that a CompleteMultipartUpload names. @throws {AwsError} MalformedXML */
function namedParts(body: Buffer): { number: number; etag: string }[] {
  const malformed = () =>
    new AwsError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  let document: { CompleteMultipartUpload?: { Part?: { PartNumber?: unknown; ETag?: unknown }[] } };
  try {
    document = xml.parse(body);
  } catch {
    throw malformed();
  }
  return (document.CompleteMultipartUpload?.Part ?? []).map(({ PartNumber, ETag }) => {
    const number = Number(PartNumber);
    if (!Number.isInteger(number) || typeof ETag !== "string") throw malformed();
    return { number, etag: ETag };
  });
}

/** CompleteMultipartUpload. */
export async function completeUpload(
  call: Call,
  buckets: Buckets,
  bucket: Bucket,
  key: string,
): Promise<void> {
  const upload = buckets.uploads.get(call.query.get("uploadId") ?? "", bucket.name, key);
  const parts = namedParts(await readBody(call.request, 2 * 1024 * 1024));
  const joined = await buckets.uploads.join(upload, parts);
  requireWriteAllowed(call.request, bucket.get(key));
  const { size, etag, file } = joined;
  const facts = { key, size, etag, lastModified: new Date(), headers: upload.headers, checksums: {} };
  const object = bucket.put(facts, file);
  buckets.uploads.end(upload);
  const location = `<Location>${escapeXml(call.path)}</Location>`;
  const result = `${location}<Bucket>${bucket.name}</Bucket><Key>${escapeXml(key)}</Key><ETag>${escapeXml(etag)}</ETag>`;
  answerXml(
    call,
    200,
    `<CompleteMultipartUploadResult ${NAMESPACE}>${result}</CompleteMultipartUploadResult>`,
  );
  announce(buckets, call, bucket, object, "CompleteMultipartUpload");
}
