import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { RawObject } from "@penstock/contracts";
import { inParallel, type ObjectStore } from "@penstock/runtime";
import { downloadPlanned } from "./planned-object.ts";

/** Raw objects as files of lines, ready to be read. */
export interface RawLines {
  /** `<folder>/object=<n>/lines`, by the number of the object; undefined for one that is damaged. */
  readonly files: readonly (string | undefined)[];
}

/**
 * Brings raw objects down, unpacked. Gzip is unpacked here and not by DuckDB, which takes one that ends too early for a
 * whole one.
 * @throws ObjectChanged when an object is another one than was planned
 */
export async function fetchLines(
  objects: readonly RawObject[],
  folder: string,
  store: Pick<ObjectStore, "download">,
): Promise<RawLines> {
  const files = await inParallel(objects, async (object, index) => {
    const place = path.join(folder, `object=${index}`);
    await mkdir(place, { recursive: true });
    const file = path.join(place, "lines");
    const packed = object.uri.toLowerCase().endsWith(".gz");
    const target = packed ? path.join(place, "packed") : file;
    await downloadPlanned(object, target, store);
    if (!packed) return file;
    const whole = await unpack(target, file);
    await rm(target);
    return whole ? file : undefined;
  });
  return { files };
}

/** False for what is no gzip, or only a part of one. */
async function unpack(packed: string, file: string): Promise<boolean> {
  try {
    await pipeline(createReadStream(packed), createGunzip(), createWriteStream(file));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && /^Z_/.test(String(error.code))) return false;
    throw error;
  }
}

/** Bytes of a line beyond which DuckDB's reader of lines gives up are 2,000,000; no event has as many as this. */
const LONGEST_LINE = 1_000_000;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
/** Separates columns for DuckDB's reader; neither it nor the sign after it can stand in JSON. */
const SEPARATOR = 0x01;
const SIGN = "\u0002";

/**
 * Writes a file anew so that every line of it can be read as text: bytes that are no UTF-8, and the end of a line that is
 * far too long, become a sign that no JSON has, so that the line is rejected as what it is. Lines keep their numbers.
 */
export async function makeReadable(file: string): Promise<void> {
  const rewritten = `${file}.readable`;
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    textOnly(),
    shortLines(),
    createWriteStream(rewritten),
  );
  await rename(rewritten, file);
}

function textOnly(): Transform {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const written = (text: string): Buffer => {
    const bytes = Buffer.from(text.replaceAll("\ufffd", SIGN));
    for (let at = bytes.indexOf(SEPARATOR); at >= 0; at = bytes.indexOf(SEPARATOR, at)) bytes[at] = 0x02;
    for (let at = bytes.indexOf(RETURN); at >= 0; at = bytes.indexOf(RETURN, at)) bytes[at] = SPACE;
    return bytes;
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      done(null, written(decoder.decode(chunk, { stream: true })));
    },
    flush(done) {
      done(null, written(decoder.decode()));
    },
  });
}

function shortLines(): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const kept: Buffer[] = [];
      for (let start = 0; start < chunk.length; ) {
        const found = chunk.indexOf(NEWLINE, start);
        const end = found < 0 ? chunk.length : found + 1;
        const room = Math.max(0, LONGEST_LINE - length);
        const piece = chunk.subarray(start, end);
        if (piece.length <= room) kept.push(piece);
        else {
          if (room > 0) kept.push(piece.subarray(0, room), Buffer.from(SIGN));
          if (found >= 0) kept.push(Buffer.from("\n"));
        }
        length = found < 0 ? length + piece.length : 0;
        start = end;
      }
      done(null, Buffer.concat(kept));
    },
  });
}
