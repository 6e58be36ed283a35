import { UnsupportedFile } from "../errors.ts";
import type { S3Uri } from "../uri.ts";

/** JSON as the store writes it. Bigints (counts of the engine) are written as numbers. */
export function jsonText(value: unknown): string {
  const plain = (_: string, item: unknown): unknown => (typeof item === "bigint" ? Number(item) : item);
  return `${JSON.stringify(value, plain, 2)}\n`;
}

/** Parses an object's text; the error names the object and keeps its content out. */
export function parseJson(uri: S3Uri, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnsupportedFile(`${uri} is not JSON`);
  }
}
