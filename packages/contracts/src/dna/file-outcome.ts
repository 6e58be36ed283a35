import * as v from "valibot";
import { documentReasons } from "./document.ts";
import { FileName } from "./file-name.ts";
import { flagCodes } from "./flags.ts";

const count = (what: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(what));

/** What became of an upload. `skipped`: too large to be read unasked, or at all. */
export const fileStatuses = ["processed", "partial", "failed", "refused", "skipped"] as const;
export type FileStatus = (typeof fileStatuses)[number];

/** Why a file is not processed whole. */
export const fileReasons = [...documentReasons, "too_large_for_automatic", "too_large"] as const;
export type FileReason = (typeof fileReasons)[number];

/** Numbers by category. */
export const ItemCounts = v.strictObject({
  financial: count("Items about money"),
  social: count("Items about people and interests"),
  professional: count("Items about work"),
  entertainment: count("Items about what is watched, heard, read and played"),
});
export type ItemCounts = v.InferOutput<typeof ItemCounts>;

/** What became of a file at last: an item of the table of files, by user and file. */
export const FileOutcome = v.strictObject({
  file: FileName,
  status: v.pipe(v.picklist(fileStatuses), v.description("What became of it")),
  reason: v.nullable(v.pipe(v.picklist(fileReasons), v.description("Why it was not processed whole"))),
  etag: v.pipe(v.string(), v.description("Entity tag of what was read")),
  bytes: count("Size of what was read"),
  seen: v.pipe(v.string(), v.isoTimestamp(), v.description("When it was uploaded, ISO 8601, UTC")),
  run_id: v.pipe(v.string(), v.description("The run that read it")),
  flagged: v.pipe(v.boolean(), v.description("Whether something in it is suspicious")),
  flags: v.pipe(v.array(v.picklist(flagCodes)), v.description("What is suspicious")),
  items: ItemCounts,
  chunks: count("Parts that were categorised"),
  failed_chunks: count("Parts that could not be"),
  left_out: count("Parts that would have cost more than a run may"),
  tokens: count("Tokens of the model, in and out"),
});
export type FileOutcome = v.InferOutput<typeof FileOutcome>;
