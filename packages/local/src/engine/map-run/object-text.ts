import { pipeline, Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { allOf } from "./all-of.ts";
import { UnreadableItems } from "./unreadable-items.ts";

/** The body of an object as it comes, whatever form the answer has it in. */
async function* bytesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (typeof body === "string") yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else if (isStream(body)) {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) throw new Error("A stream of an object must give bytes");
      yield chunk;
    }
  } else throw new UnreadableItems("The object has no content");
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** What undoes a compression, by the ending of the object's key: AWS knows GZIP and ZSTD. */
const decompressions: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gz: createGunzip,
  gzip: createGunzip,
  zst: createZstdDecompress,
  zstd: createZstdDecompress,
};

/** The text of an object in pieces, decompressed as its key says. */
export async function* textPieces(body: unknown, key: string): AsyncGenerator<string> {
  const decompression = decompressions[/\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? ""];
  const decoder = new TextDecoder();
  for await (const chunk of decompression === undefined ? bytesOf(body) : through(decompression(), body)) {
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

async function* through(decompression: NodeJS.ReadWriteStream, body: unknown): AsyncGenerator<Uint8Array> {
  // A failure of either side reaches whoever iterates: the pipeline destroys the decompression with it.
  pipeline(Readable.from(bytesOf(body)), decompression, () => {});
  for await (const chunk of decompression) if (typeof chunk !== "string") yield chunk;
}

/** All bytes of an object, or of the range that was asked for. */
export async function allBytes(body: unknown): Promise<Buffer> {
  return Buffer.concat(await allOf(bytesOf(body)));
}

/** The whole text of an object. */
export async function wholeText(body: unknown, key: string): Promise<string> {
  return (await allOf(textPieces(body, key))).join("");
}
