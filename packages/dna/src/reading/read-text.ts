import { textFlags } from "@penstock/runtime/flags";
import { cutBetweenNumbers } from "./cut-text.ts";
import type { DecodedText } from "./decoded-text.ts";
import { type FileContent, noRepairs, type ReadRecord } from "./file-content.ts";

/** UTF-16 units of a record of a text. */
export const TEXT_UNITS = 2048;

/** Reads a text: each line a record, a long one several. */
export function readText(decoded: DecodedText): FileContent {
  return {
    format: "text",
    encoding: decoded.encoding,
    columns: 0,
    dialect: null,
    members: [],
    repairs: { ...noRepairs, other_encoding_lines: decoded.otherLines },
    sections: [
      { member: null, path: null, header: null, records: textRecords(decoded, 0, decoded.text.length) },
    ],
    asides: [],
    hidden: { cards: 0, national_ids: 0 },
  };
}

/** The lines of a text between two indices as records, blank ones left out. */
export function textRecords(decoded: DecodedText, from: number, to: number): ReadRecord[] {
  const records: ReadRecord[] = [];
  let before = "";
  for (let at = from; at < to; ) {
    const found = decoded.text.indexOf("\n", at);
    const end = found < 0 || found > to ? to : found;
    for (const piece of cutBetweenNumbers(decoded.text.slice(at, end), TEXT_UNITS)) {
      const text = piece.text.trim();
      if (text === "") continue;
      const start = at + piece.at + piece.text.length - piece.text.trimStart().length;
      records.push({ row: null, offset: decoded.offsetOf(start), text, codes: codesOf(text, before) });
      before = text;
    }
    at = end + 1;
  }
  return records;
}

/** Of a line and of where it goes on from the line before: what instructs may be broken over two. */
function codesOf(text: string, before: string): ReadRecord["codes"] {
  const own = textFlags(text);
  return own.length > 0 || before === "" ? own : textFlags(`${before.slice(-200)} ${text.slice(0, 200)}`);
}
