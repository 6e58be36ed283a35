import { createHash, type Hash } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { AwsError } from "../../gateway/aws-error.ts";
import { header } from "../../gateway/call.ts";
import { decodeChunked } from "./aws-chunked.ts";

/** An uploaded body that lies in a file. */
export interface ReceivedBody {
  readonly file: string;
  readonly size: number;
  /** MD5 as hexadecimal digits: the etag of a simple object. */
  readonly md5: string;
  /** The checksums that the caller sent and that hold, by header name. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** S3 takes at most 5 GiB in one request. */
const LIMIT_BYTES = 5 * 1024 ** 3;

class Crc32 {
  #value = 0;
  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value);
  }
  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString("base64");
  }
}

class Digest {
  readonly #hash: Hash;
  constructor(algorithm: string) {
    this.#hash = createHash(algorithm);
  }
  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }
  digest(): string {
    return this.#hash.digest("base64");
  }
}

/** Of S3's five, those that Node computes. CRC32C and CRC64NVME are neither verified nor returned. */
const checksumKinds: Readonly<Record<string, () => Crc32 | Digest>> = {
  "x-amz-checksum-crc32": () => new Crc32(),
  "x-amz-checksum-sha1": () => new Digest("sha1"),
  "x-amz-checksum-sha256": () => new Digest("sha256"),
};

/** The checksum header that comes with the body: at once, or announced for the trailer. */
function announcedChecksum(request: IncomingMessage): string | undefined {
  const trailer = header(request, "x-amz-trailer")?.trim().toLowerCase();
  return Object.keys(checksumKinds).find((name) => name === trailer || header(request, name) !== undefined);
}

/**
 * Streams a request's body into a file, out of `aws-chunked` framing where it is framed, and verifies what the caller
 * sent along: Content-MD5, a checksum header or trailer, the decoded length.
 * @throws {AwsError} BadDigest, EntityTooLarge, IncompleteBody
 */
export async function receiveBody(request: IncomingMessage, file: string): Promise<ReceivedBody> {
  const trailers: Record<string, string> = {};
  const framed =
    header(request, "content-encoding")?.includes("aws-chunked") === true ||
    header(request, "x-amz-content-sha256")?.startsWith("STREAMING-") === true;
  const md5 = createHash("md5");
  const kind = announcedChecksum(request);
  const checksum = kind === undefined ? undefined : checksumKinds[kind]?.();
  let size = 0;
  const observe = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > LIMIT_BYTES) {
        throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
      }
      md5.update(chunk);
      checksum?.update(chunk);
      yield chunk;
    }
  };
  try {
    const source = framed ? Readable.from(decodeChunked(request, trailers), { objectMode: false }) : request;
    await pipeline(source, observe, createWriteStream(file));
    const declared = header(request, framed ? "x-amz-decoded-content-length" : "content-length");
    if (declared !== undefined && Number(declared) !== size) {
      throw new AwsError(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
      );
    }
    const digest = md5.digest();
    const contentMd5 = header(request, "content-md5");
    if (contentMd5 !== undefined && contentMd5 !== digest.toString("base64")) {
      throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    const checksums: Record<string, string> = {};
    if (kind !== undefined && checksum !== undefined) {
      const actual = checksum.digest();
      const expected = header(request, kind) ?? trailers[kind];
      if (expected !== actual) {
        throw new AwsError("BadDigest", `The ${kind} you specified did not match the calculated checksum.`);
      }
      checksums[kind] = actual;
    }
    return { file, size, md5: digest.toString("hex"), checksums };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}
