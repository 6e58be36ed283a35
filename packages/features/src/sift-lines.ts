import { createReadStream, createWriteStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { arePlain, isPlain } from "./plain-lines.ts";

/** Bytes of a line beyond which the rest of it is left out; no event has as many as this. */
const LONGEST_LINE = 1_000_000;
/** Bytes that are read in one go. */
const PIECE = 1 << 18;
/**
 * Bytes that are looked at in one go where nothing is kept of them. Larger texts do not lie where V8 puts what is young, and
 * to be rid of them it goes through all its memory: 137 MB take 0.36 s of processor time so, else 0.55 s.
 */
const LOOK = 1 << 16;

const NEWLINE = 0x0a;
/** Stands for what is no text, and for what was left out: no JSON has it, so that the line is rejected as what it is. */
const SIGN = "\u0002";
/** Stands where a line was that is not plain; it has no field, and a plain line has. */
const GAP = "{}";

/**
 * Leaves only the plain lines in a file: of each other one a {@link GAP} stays, so that lines keep their numbers, and its
 * text goes to the file `others`, as lines of JSON `{ place, line }`, the first of them at place 1. A line's text is
 * without the end of it, empty for a blank one.
 *
 * Returns whether there are others; a file without any stays as it is. Read piece by piece, whatever its size.
 */
export async function siftLines(file: string, others: string): Promise<boolean> {
  if (await isAllPlain(file)) return false;
  const sifted = `${file}.sifted`;
  const target = await open(others, "w");
  try {
    let place = 0;
    const kept = async function* () {
      for await (const piece of pieces(file)) {
        const text = piece.toString("latin1");
        if (arePlain(text)) {
          yield piece;
          continue;
        }
        let told = "";
        const lines = text.split("\n").map((line, index, { length }) => {
          // After the end of the last line there is none.
          if (isPlain(line) || (line === "" && index === length - 1)) return line;
          place += 1;
          told += `${JSON.stringify({ place, line: textOf(Buffer.from(line, "latin1")) })}\n`;
          return GAP;
        });
        await target.write(told);
        yield lines.join("\n");
      }
    };
    await pipeline(kept, createWriteStream(sifted, { highWaterMark: 4 * PIECE }));
  } finally {
    await target.close();
  }
  await rename(sifted, file);
  return true;
}

/** Read into one buffer over and over: of a file that is all plain, and most are, no byte is kept. */
async function isAllPlain(file: string): Promise<boolean> {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  await using source = await open(file);
  let rest = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, rest, PIECE - rest);
    const filled = rest + bytesRead;
    if (bytesRead === 0) return arePlain(buffer.toString("latin1", 0, filled));
    let from = 0;
    while (from < filled) {
      const end = buffer.lastIndexOf(NEWLINE, Math.min(from + LOOK, filled) - 1) + 1;
      if (end <= from) break;
      if (!arePlain(buffer.toString("latin1", from, end))) return false;
      from = end;
    }
    // A line that fills all that is looked at is longer than any plain one.
    if (filled - from >= LOOK) return false;
    buffer.copy(buffer, 0, from, filled);
    rest = filled - from;
  }
}

/** A file in pieces of whole lines; of a line that is far too long the beginning and a {@link SIGN}. */
async function* pieces(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let tooLong = false;
  for await (const read of createReadStream(file, { highWaterMark: PIECE })) {
    let chunk: Buffer = read;
    if (tooLong) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) continue;
      chunk = chunk.subarray(end + 1);
      tooLong = false;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const whole = chunk.subarray(0, end);
    if (end > 0) yield rest.length > 0 ? Buffer.concat([rest, whole]) : whole;
    const begun = chunk.subarray(end);
    rest = end > 0 ? begun : Buffer.concat([rest, begun]);
    if (rest.length > LONGEST_LINE) {
      yield Buffer.concat([rest.subarray(0, LONGEST_LINE), Buffer.from(`${SIGN}\n`)]);
      rest = Buffer.alloc(0);
      tooLong = true;
    }
  }
  if (rest.length > 0) yield rest;
}

const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

/** The text of a line's bytes, a {@link SIGN} for each that is none. */
function textOf(bytes: Buffer): string {
  const text = (() => {
    try {
      return strict.decode(bytes);
    } catch {
      return lenient.decode(bytes).replaceAll("\ufffd", SIGN);
    }
  })();
  return text.replace(/\r$/, "").replaceAll("\0", SIGN);
}
