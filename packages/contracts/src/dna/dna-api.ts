import * as v from "valibot";
import { FileName } from "./file-name.ts";
import { FileOutcome } from "./file-outcome.ts";
import { UserId } from "./user-id.ts";

/** Whose exports are to come. The address itself is kept nowhere. */
export const PersonEmail = v.strictObject({
  email: v.pipe(
    v.string("Give the person's e-mail address."),
    v.maxLength(254, "An e-mail address has at most 254 characters."),
    v.regex(/^[^\s@]+@[^\s@]+$/, "Give an e-mail address, such as name@example.org."),
    v.description("The person's e-mail address: a keyed hash of it is kept, nothing else"),
  ),
});
export type PersonEmail = v.InferOutput<typeof PersonEmail>;

/** The id that stands for a person from now on. */
export const PersonRegistered = v.strictObject({
  user: UserId,
  created: v.pipe(v.boolean(), v.description("False where the person was known before")),
});
export type PersonRegistered = v.InferOutput<typeof PersonRegistered>;

/** An export that somebody wants to upload. */
export const UploadWanted = v.strictObject({
  file: FileName,
  bytes: v.pipe(
    v.number("Give the file's size."),
    v.integer("Give the file's size in whole bytes."),
    v.minValue(0, "Give the file's size in whole bytes."),
    v.description("The file's size: exactly as much can be uploaded"),
  ),
});
export type UploadWanted = v.InferOutput<typeof UploadWanted>;

/** Where an export is to be uploaded to. */
export const UploadPlace = v.strictObject({
  url: v.pipe(v.string(), v.description("Send the file here, within the time given")),
  method: v.literal("PUT"),
  headers: v.pipe(v.record(v.string(), v.string()), v.description("Headers that the request must have")),
  expires_at: v.pipe(v.string(), v.isoTimestamp(), v.description("When the URL ends, ISO 8601, UTC")),
});
export type UploadPlace = v.InferOutput<typeof UploadPlace>;

/** A page of what became of a person's files, in order of their names. */
export const FileOutcomes = v.strictObject({
  files: v.array(FileOutcome),
  next: v.nullable(v.pipe(v.string(), v.description("Gives the next page; null on the last"))),
});
export type FileOutcomes = v.InferOutput<typeof FileOutcomes>;

/** That a person's data are being erased. */
export const ErasureStarted = v.strictObject({
  execution: v.pipe(v.string(), v.description("The execution that erases them")),
});
export type ErasureStarted = v.InferOutput<typeof ErasureStarted>;
