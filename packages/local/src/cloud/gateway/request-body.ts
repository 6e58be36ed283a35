import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";

/** Bodies that were read already: the permissions of a call are looked at before its service is. */
const read = new WeakMap<IncomingMessage, Buffer>();

/**
 * Reads a body whole; again, it is the same. For services whose requests AWS itself bounds, never for S3's objects.
 * @throws {AwsError} 413
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const body = read.get(request) ?? (await receive(request, limitBytes));
  if (body.length > limitBytes) throw tooLarge(limitBytes);
  read.set(request, body);
  return body;
}

function tooLarge(limitBytes: number): AwsError {
  return new AwsError(
    "RequestEntityTooLargeException",
    `The request is larger than ${limitBytes} bytes.`,
    413,
  );
}

async function receive(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) throw tooLarge(limitBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
