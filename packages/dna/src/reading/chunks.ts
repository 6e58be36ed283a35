import type { ChunkRecord, ExportChunk } from "@penstock/contracts";
import { estimatedTokens } from "@penstock/runtime/model";
import { recordTokens } from "../categorise/chunk-message.ts";
import { cutText } from "./cut-text.ts";
import type { ReadRecord, ReadSection } from "./file-content.ts";

/** Tokens of a record; a longer one is several of the same row. */
const RECORD_TOKENS = 2000;
/** UTF-16 units of the names of a table's columns. */
const HEADER_UNITS = 3000;

type OpenSection = Omit<ReadSection, "records"> & { records: ChunkRecord[] };

/**
 * The records of a file in chunks of at most so many tokens, whole and in their order; those that may be meant to instruct
 * in chunks of their own behind all others. The same file gives the same chunks.
 */
export function chunksOf(sections: readonly ReadSection[], chunkTokens: number): ExportChunk[] {
  const chunks: ExportChunk[] = [];
  for (const flagged of [false, true]) {
    let open: OpenSection[] = [];
    let tokens = 0;
    let records = 0;
    const close = () => {
      if (records > 0) chunks.push({ chunk: chunks.length, sections: open, tokens });
      open = [];
      tokens = 0;
      records = 0;
    };
    for (const { records: all, ...section } of sections) {
      const origin = { ...section, header: section.header?.slice(0, HEADER_UNITS) ?? null };
      const begins = sectionTokens(origin);
      let current: OpenSection | undefined;
      for (const record of all) {
        if (record.codes.length > 0 !== flagged) continue;
        for (const piece of pieces(record)) {
          const takes = (current: OpenSection | undefined) =>
            recordTokens({ label: `r${records + 1}`, text: piece.text }) +
            (current === undefined ? begins : 0);
          if (tokens + takes(current) > chunkTokens) {
            close();
            current = undefined;
          }
          tokens += takes(current);
          if (current === undefined) {
            current = { ...origin, records: [] };
            open.push(current);
          }
          records += 1;
          current.records.push({ label: `r${records}`, ...piece, flagged });
        }
      }
    }
    close();
  }
  return chunks;
}

function sectionTokens({ member, path, header }: Omit<ReadSection, "records">): number {
  const said = [member, path, header].map((text) => JSON.stringify(text ?? "")).join("\n");
  return estimatedTokens(`section\nmember array columns\n${said}`);
}

/** A record, or its pieces where it is long; of nothing none. */
function pieces({ row, offset, text }: ReadRecord): Pick<ChunkRecord, "row" | "offset" | "text">[] {
  if (text.trim() === "") return [];
  const tokens = recordTokens({ label: "r100000", text });
  if (tokens <= RECORD_TOKENS) return [{ row, offset, text }];
  const units = Math.max(100, Math.floor((text.length * RECORD_TOKENS) / tokens / 4));
  return cutText(text, units).map((piece) => ({ row, offset, text: piece.text }));
}
