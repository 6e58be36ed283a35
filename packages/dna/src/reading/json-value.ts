import { isUtf8 } from "node:buffer";
import { checkDepth } from "./json-depth.ts";

/** What a JSON text is parsed to. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Texts that are longer than any number that is kept as it is written. */
const LONG_NUMBER = /\d{16}/;

/**
 * Parses a JSON text; a number that would be another one is its digits as text, or a card number in it would lose some.
 * Undefined when it is none.
 * @throws {RefusedFile} `too_deep`
 */
export function jsonValue(text: string): JsonValue | undefined {
  checkDepth(text);
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function exactNumber(_: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined ? source : value;
}

/** True for an object, no array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Mends texts that are UTF-8 taken for Latin-1, as some exports write all that is not ASCII, and counts them. */
export class DoubleEncoded {
  count = 0;

  mended(text: string): string {
    if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
    const bytes = Buffer.from(text, "latin1");
    if (!isUtf8(bytes)) return text;
    this.count += 1;
    return bytes.toString("utf8");
  }
}
