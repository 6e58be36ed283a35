import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a file can be, told by its content. */
export const exportFormats = ["csv", "json", "jsonl", "text", "html", "zip"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Why a file, or a member of a ZIP, was not read. */
export const refusalReasons = [
  "empty",
  "binary",
  "unsupported_format",
  "undecodable",
  "too_deep",
  "zip_encrypted",
  "zip_broken",
  "zip_too_many_members",
  "zip_too_large",
  "zip_ratio",
  "zip_overlap",
  "nothing_readable",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a member of a ZIP was not read: as a file, or for what only a member can be. */
export const memberReasons = [...refusalReasons, "hostile_name", "symlink", "nested_archive"] as const;
export type MemberReason = (typeof memberReasons)[number];

const format = v.nullable(v.picklist(exportFormats));

/** A member of a ZIP: a file of its own. */
export const ZipMember = v.strictObject({
  /** As it stands in the ZIP, what must be hidden of it masked. */
  name: v.string(),
  /** `skipped`: a folder, or what systems add. */
  state: v.picklist(["read", "refused", "skipped"]),
  reason: v.nullable(v.picklist(memberReasons)),
  format,
  bytes: count,
  records: count,
});
export type ZipMember = v.InferOutput<typeof ZipMember>;

/** What is known of a file without a model. */
export const FileFacts = v.strictObject({
  bytes: count,
  etag: v.string(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")),
  /** When it was uploaded, by S3. */
  arrived_at: v.pipe(v.string(), v.isoTimestamp()),
  /** Null for a refused file of no such format. */
  format,
  /** As `TextDecoder` names it, or `mixed`; null where nothing was decoded. */
  encoding: v.nullable(v.string()),
  records: count,
  /** How many; headers are contents, and stand nowhere. */
  columns: count,
  /** How a CSV is written. */
  dialect: v.nullable(v.strictObject({ delimiter: v.string(), preamble_lines: count, footer_lines: count })),
  members: v.array(ZipMember),
  /** What was read although it was not as it should be. */
  repairs: v.strictObject({
    /** Texts that were UTF-8 taken for Latin-1. */
    double_encoded: count,
    /** Lines in another encoding than most. */
    other_encoding_lines: count,
    /** Regions of a CSV whose quotes do not match. */
    broken_quotes: count,
    /** Rows of a CSV with more or fewer cells than its header. */
    ragged_rows: count,
    /** Lines of JSON lines that are no JSON. */
    bad_lines: count,
  }),
});
export type FileFacts = v.InferOutput<typeof FileFacts>;
