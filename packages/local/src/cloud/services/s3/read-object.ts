import { type FileHandle, open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { AwsError } from "../../gateway/aws-error.ts";
import { type Call, header } from "../../gateway/call.ts";
import type { Bucket } from "./bucket.ts";
import { readAllowed } from "./conditions.ts";
import { noSuchKey, type StoredObject } from "./stored-object.ts";

/** Query parameters that replace headers of the answer. */
const OVERRIDES = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];

/** The bytes that `Range: bytes=…` names; undefined for a form that S3 ignores. @throws {AwsError} InvalidRange */
function rangeOf(value: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(value ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  if (start >= size) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416);
  return { start, end };
}

function headersOf(call: Call, object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.headers,
    "accept-ranges": "bytes",
    etag: object.etag,
    "last-modified": object.lastModified.toUTCString(),
    "x-amz-request-id": call.requestId,
  };
  for (const name of OVERRIDES) {
    const value = call.query.get(`response-${name}`);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

/**
 * The object of a key with its file open. What is open stays readable when the object is overwritten or removed; what
 * was overwritten between the look and the opening is looked up again. @throws {AwsError} NoSuchKey
 */
export async function openObject(
  bucket: Bucket,
  key: string,
): Promise<{ object: StoredObject; file: FileHandle }> {
  for (;;) {
    const object = bucket.get(key);
    if (object === undefined) throw noSuchKey();
    const file = await open(object.file).catch(() => undefined);
    if (file !== undefined && bucket.get(key) === object) return { object, file };
    await file?.close();
    if (file === undefined && bucket.get(key) === object) {
      throw new Error(`The bytes of ${bucket.name}/${key} are gone from ${object.file}.`);
    }
  }
}

/** GetObject and HeadObject: conditions, ranges, checksums on request; the bytes are streamed from the file. */
export async function readObject(call: Call, bucket: Bucket, key: string): Promise<void> {
  const { object, file } = await openObject(bucket, key).catch(async (error: unknown) => {
    // Whoever may not list a bucket does not learn what is not in it.
    const missing = error instanceof AwsError && error.code === "NoSuchKey";
    throw (missing && (await call.refusal("s3:ListBucket", `arn:aws:s3:::${bucket.name}`))) || error;
  });
  try {
    await send(call, object, file);
  } finally {
    await file.close();
  }
}

async function send(call: Call, object: StoredObject, file: FileHandle): Promise<void> {
  const { request, response } = call;
  const headers = headersOf(call, object);
  if (!readAllowed(request, object)) {
    response.writeHead(304, { etag: object.etag, "x-amz-request-id": call.requestId }).end();
    return;
  }
  const range = rangeOf(header(request, "range"), object.size);
  if (range === undefined && header(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    Object.assign(headers, object.checksums);
    if (Object.keys(object.checksums).length > 0) headers["x-amz-checksum-type"] = "FULL_OBJECT";
  }
  if (range !== undefined) headers["content-range"] = `bytes ${range.start}-${range.end}/${object.size}`;
  headers["content-length"] = String(range === undefined ? object.size : range.end - range.start + 1);
  response.writeHead(range === undefined ? 200 : 206, headers);
  if (request.method === "HEAD" || object.size === 0) {
    response.end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  await sendBytes(file, start, end + 1, response);
}

/** Bytes that are read and sent in one go. */
const PIECE = 512 * 1024;

/** Buffers that nobody reads into at the moment, so many at most. */
const free: Buffer[] = [];
const MOST_FREE = 32;

/**
 * Sends a file from a byte up to but not including another, through one buffer over and over: with a new one for each piece
 * V8 goes through all its memory after every few dozen megabytes, for nothing but to be rid of them.
 */
async function sendBytes(
  file: FileHandle,
  start: number,
  end: number,
  response: ServerResponse,
): Promise<void> {
  const buffer = free.pop() ?? Buffer.allocUnsafeSlow(PIECE);
  for (let at = start; at < end; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, end - at), at);
    if (bytesRead === 0) throw new Error(`a file of ${end} bytes ended at ${at}`);
    // The reader went away: its business. What the socket still holds of the buffer is not ours to write over.
    if (!(await sent(response, buffer.subarray(0, bytesRead)))) return;
    at += bytesRead;
  }
  if (free.length < MOST_FREE) free.push(buffer);
  response.end();
}

/** Whether the system has taken the bytes; false where the connection closed before. */
function sent(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const closed = () => resolve(false);
    response.once("close", closed);
    response.write(bytes, (error) => {
      response.off("close", closed);
      resolve(error === undefined || error === null);
    });
  });
}
