import { csvLayout } from "./csv-layout.ts";
import { type DecodedText, decodeText } from "./decoded-text.ts";
import type { FileContent } from "./file-content.ts";
import { jsonValue } from "./json-value.ts";
import { isArchive, isBinary, isOtherFormat, isZip } from "./magic-numbers.ts";
import { readCsv } from "./read-csv.ts";
import { hasTags, isHtml, readHtml } from "./read-html.ts";
import { readJson } from "./read-json.ts";
import { isJsonLines, readJsonLines } from "./read-json-lines.ts";
import { readText } from "./read-text.ts";
import { readZip } from "./read-zip.ts";
import { RefusedFile } from "./refused-file.ts";

/**
 * Reads a file for what it is by its content; its name says nothing.
 * @throws {RefusedFile}
 */
export async function readContent(bytes: Uint8Array): Promise<FileContent> {
  return isZip(bytes) ? readZip(bytes, readSingle) : readSingle(bytes);
}

function readSingle(bytes: Uint8Array): FileContent {
  if (bytes.length === 0) throw new RefusedFile("empty");
  if (isArchive(bytes)) throw new RefusedFile("unsupported_format");
  if (isOtherFormat(bytes)) throw new RefusedFile("binary");
  const decoded = decodeText(bytes);
  if (decoded.text.trim() === "") throw new RefusedFile("empty");
  if (isBinary(decoded.text, decoded.encoding)) throw new RefusedFile("binary");
  return byForm(decoded);
}

function byForm(decoded: DecodedText): FileContent {
  const { text, encoding, otherLines } = decoded;
  const start = text.slice(0, 100).trimStart()[0];
  if (start === "{" || start === "[") {
    const value = jsonValue(text);
    if (value !== undefined) return readJson(value, encoding, otherLines);
    if (isJsonLines(text)) return readJsonLines(decoded);
  }
  if (isHtml(text)) return readHtml(decoded);
  const layout = csvLayout(text);
  if (layout !== undefined) return readCsv(decoded, layout);
  if (isJsonLines(text)) return readJsonLines(decoded);
  return hasTags(text) ? readHtml(decoded) : readText(decoded);
}
