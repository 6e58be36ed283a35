import type { ChunkRecord, ExportChunk } from "@penstock/contracts";
import { estimatedTokens, fenced } from "@penstock/runtime/model";
import { textFlags } from "../flags/flags.ts";

/** A record as a line of the message: its label, then its text. */
function recordLine({ label, text }: Pick<ChunkRecord, "label" | "text">): string {
  return `${label} ${text}`;
}

/** Tokens that a record takes in a message, with label and quotes, by the runtime's estimate. */
export function recordTokens(record: Pick<ChunkRecord, "label" | "text">): number {
  return estimatedTokens(`${JSON.stringify(recordLine(record))}\n`);
}

/**
 * A chunk as the model is shown it, fenced. Where its records come from stands before them, unless that itself may be meant
 * to instruct: then the records stand alone. Nothing of the file's name stands here, nor whose it is.
 */
export function chunkMessage({ sections }: Pick<ExportChunk, "sections">): string {
  const lines = sections.flatMap(({ member, path, header, records }) => [
    "section",
    ...origin("member", member),
    ...origin("array", path),
    ...origin("columns", header),
    ...records.map(recordLine),
  ]);
  return `Records of a data export:\n${fenced(lines)}`;
}

function origin(what: "member" | "array" | "columns", text: string | null): string[] {
  return text === null || text === "" || textFlags(text).length > 0 ? [] : [`${what} ${text}`];
}
