import type { ExportFormat, FileFacts, FlagCode } from "@penstock/contracts";
import type { HiddenCounts } from "./hidden-fields.ts";

/** A record as it was read, not masked yet but for the fields whose name asks for it. */
export interface ReadRecord {
  /** Exactly one of row and offset is given, as in an evidence. */
  readonly row: number | null;
  readonly offset: number | null;
  readonly text: string;
  /** What is suspicious about it, looked for in all of it, also in what `text` leaves out. */
  readonly codes: readonly FlagCode[];
}

/** Records of one table, array or text, in their order. */
export interface ReadSection {
  readonly member: string | null;
  readonly path: string | null;
  readonly header: string | null;
  readonly records: readonly ReadRecord[];
}

/** Something suspicious in what is not handed on: a comment, a header, a name. */
export interface Aside {
  readonly codes: readonly FlagCode[];
  readonly member: string | null;
  readonly offset: number | null;
}

/** What one file, or one member of a ZIP, says. */
export interface FileContent {
  readonly format: ExportFormat;
  readonly encoding: string | null;
  readonly columns: number;
  readonly dialect: FileFacts["dialect"];
  readonly members: FileFacts["members"];
  readonly repairs: FileFacts["repairs"];
  readonly sections: readonly ReadSection[];
  readonly asides: readonly Aside[];
  /** Fields that were hidden for their name. */
  readonly hidden: HiddenCounts;
}

/** Repairs of a file that needs none. */
export const noRepairs: FileFacts["repairs"] = {
  double_encoded: 0,
  other_encoding_lines: 0,
  broken_quotes: 0,
  ragged_rows: 0,
  bad_lines: 0,
};

/** Number of records of sections; of a table with text around it those of the table. */
export function recordCount(sections: readonly ReadSection[]): number {
  const records = sections.flatMap((section) => section.records);
  const rows = records.filter(({ row }) => row !== null).length;
  return rows > 0 ? rows : records.length;
}
