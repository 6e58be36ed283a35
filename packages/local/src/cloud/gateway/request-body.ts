import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";

/** Reads a body whole. For services whose requests AWS itself bounds, never for S3's objects. @throws {AwsError} 413 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) {
      throw new AwsError(
        "RequestEntityTooLargeException",
        `The request is larger than ${limitBytes} bytes.`,
        413,
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
