import { analyse } from "chardet";
import { RefusedFile } from "./refused-file.ts";

/** A file as text, with the way back to its bytes. */
export interface DecodedText {
  readonly text: string;
  /** As `TextDecoder` names it, or `mixed`. */
  readonly encoding: string;
  /** Lines in another encoding than UTF-8 where most are in that. */
  readonly otherLines: number;
  /**
   * The byte at which the character of this index of `text` stands; that of its line where an encoding of several bytes to
   * a character does not tell. Quickest when asked in order.
   */
  offsetOf(index: number): number;
}

/** How far an index within a line is from its bytes. */
type Width = "utf-8" | "byte" | "line";

const LF = 0x0a;
/** Bytes that are enough to tell an encoding by. */
const SAMPLE = 256 * 1024;

/**
 * Decodes a file: by its byte order mark, as UTF-8, as UTF-16 by its zeros, else in the encoding that its other lines look
 * like.
 * @throws {RefusedFile} `undecodable` when none fits
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes, "utf-16le", 2);
  if (first === 0xfe && second === 0xff) return utf16(bytes, "utf-16be", 2);
  const zeros = utf16ByZeros(bytes);
  if (zeros !== undefined) return utf16(bytes, zeros, 0);
  const mark = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  const whole = decoded(bytes.subarray(mark), "utf-8");
  if (whole !== undefined) return byLines(whole, lineOffsets(bytes, mark), "utf-8", "utf-8", 0);
  return mixed(bytes, mark);
}

function utf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be", mark: number): DecodedText {
  const even = bytes.length - ((bytes.length - mark) % 2);
  const text = decoded(bytes.subarray(mark, even), encoding);
  if (text === undefined) throw new RefusedFile("undecodable");
  return { text, encoding, otherLines: 0, offsetOf: (index) => mark + 2 * index };
}

/** UTF-16 without a mark: what is written in Latin letters, or has line ends and digits, has zeros on one side. */
function utf16ByZeros(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const most = Math.min(bytes.length, SAMPLE) & ~1;
  if (most < 4) return undefined;
  let [even, odd] = [0, 0];
  for (let at = 0; at < most; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  const pairs = most / 2;
  if (odd > 0.2 * pairs && even < 0.02 * pairs) return "utf-16le";
  if (even > 0.2 * pairs && odd < 0.02 * pairs) return "utf-16be";
  return undefined;
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where each line begins. In none of the encodings is a line feed part of another character, but in UTF-16. */
function lineOffsets(bytes: Uint8Array, from: number): number[] {
  const starts = [from];
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) starts.push(at + 1);
  return starts;
}

function mixed(bytes: Uint8Array, mark: number): DecodedText {
  const starts = lineOffsets(bytes, mark);
  const lines = starts.map((start, line) => bytes.subarray(start, starts[line + 1] ?? bytes.length));
  const texts = lines.map((line) => decoded(line, "utf-8"));
  const others = lines.filter((_, line) => texts[line] === undefined);
  const encoding = encodingOf(others);
  const width: Width = decoded(Uint8Array.of(0xe9, LF), encoding)?.length === 2 ? "byte" : "line";
  const isUtf8 = (text: string | undefined) => text !== undefined && /[^\0-\x7f]/.test(text);
  if (!texts.some(isUtf8)) {
    const whole = decoded(bytes.subarray(mark), encoding);
    if (whole !== undefined) return byLines(whole, starts, encoding, width, 0);
  }
  const decode = new TextDecoder(encoding);
  const all = texts.map((text, line) => text ?? decode.decode(lines[line]));
  const widths = texts.map((text): Width => (text === undefined ? width : "utf-8"));
  return byLines(all.join(""), starts, "mixed", widths, others.length);
}

/** The encoding of lines that are no UTF-8. */
function encodingOf(lines: readonly Uint8Array[]): string {
  const sample = Buffer.concat(
    lines,
    Math.min(
      SAMPLE,
      lines.reduce((sum, line) => sum + line.length, 0),
    ),
  );
  for (const { name, confidence } of analyse(sample)) {
    // Of little text anything may look likely; Windows-1252 is what there is most of.
    if (confidence < 40) break;
    if (/^(?:utf|ascii|iso-2022)/i.test(name)) continue;
    if (decoded(sample, name) !== undefined) return new TextDecoder(name).encoding;
  }
  return "windows-1252";
}

function byLines(
  text: string,
  starts: readonly number[],
  encoding: string,
  width: Width | readonly Width[],
  otherLines: number,
): DecodedText {
  const lineEnd = (from: number) => {
    const end = text.indexOf("\n", from);
    return end < 0 ? text.length : end;
  };
  const start = () => ({ line: 0, lineIndex: 0, lineEnd: lineEnd(0), index: 0, offset: starts[0] ?? 0 });
  let cursor = start();
  const offsetOf = (index: number): number => {
    if (index < cursor.index) cursor = start();
    while (index > cursor.lineEnd) {
      const [line, first] = [cursor.line + 1, cursor.lineEnd + 1];
      cursor = { line, lineIndex: first, lineEnd: lineEnd(first), index: first, offset: starts[line] ?? 0 };
    }
    const how = typeof width === "string" ? width : (width[cursor.line] ?? "line");
    if (how === "line") return starts[cursor.line] ?? 0;
    if (how === "byte") return (starts[cursor.line] ?? 0) + index - cursor.lineIndex;
    cursor.offset += Buffer.byteLength(text.slice(cursor.index, index));
    cursor.index = index;
    return cursor.offset;
  };
  return { text, encoding, otherLines, offsetOf };
}
