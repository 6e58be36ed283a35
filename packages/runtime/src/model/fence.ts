import { createHash } from "node:crypto";

/**
 * Records of data as they stand in a message: each a JSON string in a line of its own, between `<data-H>` and
 * `</data-H>`. H is made of the records, so the same records have the same fence, and no record can hold its own.
 */
export function fenced(records: readonly string[]): string {
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  const mark = `data-${createHash("sha256").update(lines).digest("hex").slice(0, 16)}`;
  return `<${mark}>\n${lines}\n</${mark}>`;
}
