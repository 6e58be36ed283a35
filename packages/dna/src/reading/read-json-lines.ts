import { textFlags } from "@penstock/runtime/flags";
import type { DecodedText } from "./decoded-text.ts";
import { type FileContent, noRepairs, type ReadRecord } from "./file-content.ts";
import { JsonRecords } from "./json-record.ts";
import { jsonValue } from "./json-value.ts";
import { recordOf } from "./read-json.ts";

/** Lines by which a file is judged, and the share of them that are objects. */
const SAMPLE = 1000;
const SHARE = 0.8;

/** Whether a text is JSON lines. */
export function isJsonLines(text: string): boolean {
  const lines = linesOf(text, SAMPLE);
  if (lines[0]?.startsWith("{") !== true && lines[1]?.startsWith("{") !== true) return false;
  const objects = lines.filter((line) => line.startsWith("{") && jsonValue(line) !== undefined);
  return objects.length >= SHARE * lines.length;
}

/** Reads JSON lines: each line that is not blank is a row; one that is no JSON stands there as it is. */
export function readJsonLines({ text, encoding, otherLines }: DecodedText): FileContent {
  const json = new JsonRecords();
  let badLines = 0;
  const records = linesOf(text).map((line, index): ReadRecord => {
    const value = jsonValue(line);
    if (value !== undefined) return recordOf(json.text(value), index + 1);
    badLines += 1;
    return { row: index + 1, offset: null, text: line, codes: textFlags(line) };
  });
  return {
    format: "jsonl",
    encoding,
    columns: 0,
    dialect: null,
    members: [],
    repairs: {
      ...noRepairs,
      other_encoding_lines: otherLines,
      double_encoded: json.encoded.count,
      bad_lines: badLines,
    },
    sections: [{ member: null, path: null, header: null, records }],
    asides: [],
    hidden: json.hidden.counts(),
  };
}

function linesOf(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < most; ) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end).trim();
    if (line !== "") lines.push(line);
    at = end + 1;
  }
  return lines;
}
