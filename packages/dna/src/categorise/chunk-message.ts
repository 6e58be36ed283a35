import type { ChunkRecord, ExportChunk } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { estimatedTokens, fenced } from "@penstock/runtime/model";

/** A record as a line of the message: its label, then its text. */
function recordLine({ label, text }: Pick<ChunkRecord, "label" | "text">): string {
  return `${label} ${text}`;
}

/** Tokens that a record takes in a message, with label and quotes, by the runtime's estimate. */
export function recordTokens(record: Pick<ChunkRecord, "label" | "text">): number {
  return estimatedTokens(`${JSON.stringify(recordLine(record))}\n`);
}

/** Where the records of a section come from. */
type Origin = Pick<ExportChunk["sections"][number], "member" | "path" | "header">;

/** Tokens that a section takes besides its records. */
export function sectionTokens(section: Origin): number {
  return sum(originLines(section).map((line) => estimatedTokens(`${JSON.stringify(line)}\n`)));
}

/**
 * A chunk as the model is shown it, fenced. Where its records come from stands before them, unless that itself may be meant
 * to instruct: then the records stand alone. Nothing of the file's name stands here, nor whose it is.
 */
export function chunkMessage({ sections }: Pick<ExportChunk, "sections">): string {
  const lines = sections.flatMap((section) => [...originLines(section), ...section.records.map(recordLine)]);
  return `Records of a data export:\n${fenced(lines)}`;
}

function originLines({ member, path, header }: Origin): string[] {
  const named = { member, array: path, columns: header };
  const shown = Object.entries(named).flatMap(([what, text]) =>
    text === null || text === "" || textFlags(text).length > 0 ? [] : [`${what} ${text}`],
  );
  return ["section", ...shown];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
