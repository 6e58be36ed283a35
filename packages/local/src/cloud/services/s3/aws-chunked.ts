import { AwsError } from "../../gateway/aws-error.ts";

const incomplete = () =>
  new AwsError("IncompleteBody", "The body ended before its last aws-chunked frame: the upload was cut off.");

/**
 * Takes a body out of `aws-chunked` framing: `<size in hex>[;chunk-signature=…]\r\n<bytes>\r\n`, repeated, then a chunk
 * of size 0 and trailing headers. The trailers are put, lower-cased, into `trailers`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @throws {AwsError} IncompleteBody
 */
export async function* decodeChunked(
  source: AsyncIterable<Buffer>,
  trailers: Record<string, string>,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes still to come of the chunk that is open; -1 between chunks; -2 in the trailers. */
  let open = -1;
  for await (const piece of source) {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    while (pending.length > 0 && open !== -2) {
      if (open > 0) {
        const bytes = pending.subarray(0, open);
        pending = pending.subarray(bytes.length);
        open -= bytes.length;
        yield bytes;
        continue;
      }
      if (open === 0) {
        if (pending.length < 2) break;
        pending = pending.subarray(2);
        open = -1;
        continue;
      }
      const end = pending.indexOf("\r\n");
      if (end === -1) break;
      const size = Number.parseInt(pending.subarray(0, end).toString("latin1"), 16);
      if (!Number.isInteger(size) || size < 0) throw incomplete();
      pending = pending.subarray(end + 2);
      open = size === 0 ? -2 : size;
    }
  }
  if (open !== -2) throw incomplete();
  for (const line of pending.toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}
