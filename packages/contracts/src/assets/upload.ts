import * as v from "valibot";
import { moment } from "../text/moment.ts";

/** Types of pictures that are taken, and how their keys end. Rekognition reads these two. */
export const imageTypes = { "image/jpeg": "jpg", "image/png": "png" } as const;

const types = ["image/jpeg", "image/png"] as const satisfies readonly (keyof typeof imageTypes)[];

export const ImageType = v.pipe(
  v.picklist(types, `Give one of: ${types.join(", ")}.`),
  v.description("The picture's type"),
);
export type ImageType = v.InferOutput<typeof ImageType>;

/** An upload, in its owner's own folder: the moment and a UUID. Its form is checked before a key is made of it. */
export const UploadId = v.pipe(
  v.string("Give the upload's id, as it was answered."),
  v.regex(
    /^[0-9]{8}T[0-9]{6}Z_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.(jpg|png)$/,
    "Give the upload's id, as it was answered.",
  ),
  v.description("The id of an upload: 20261121T154424Z_<uuid>.jpg"),
);
export type UploadId = v.InferOutput<typeof UploadId>;

/** A picture that somebody wants to upload. */
export const UploadFormWanted = v.strictObject({
  content_type: ImageType,
  bytes: v.optional(
    v.pipe(
      v.number("Give the file's size."),
      v.integer("Give the file's size in whole bytes."),
      v.minValue(1, "An empty file is no picture."),
      v.description("The file's size, where it is known: one that is too large is refused now, not later"),
    ),
  ),
});
export type UploadFormWanted = v.InferOutput<typeof UploadFormWanted>;

/** A form by which one picture can be uploaded. */
export const UploadForm = v.strictObject({
  upload_id: UploadId,
  url: v.pipe(v.string(), v.url(), v.description("Send the form here")),
  method: v.literal("POST"),
  fields: v.pipe(
    v.record(v.string(), v.string()),
    v.description("Fields of the form, multipart/form-data, as they are; the file is the last, as `file`"),
  ),
  expires_at: moment("When the form ends"),
  max_bytes: v.pipe(v.number(), v.integer(), v.description("Most bytes of the file")),
  status_url: v.pipe(v.string(), v.description("The path at which to ask what arrived")),
});
export type UploadForm = v.InferOutput<typeof UploadForm>;

/** Why bytes are not taken as a picture. */
export const imageFaults = [
  /** Neither JPEG nor PNG, whatever it is called. */
  "not_an_image",
  /** Another type than was said. */
  "type_mismatch",
  /** Its end is missing, or more stands before its pixels than is read of it. */
  "truncated",
  /** A side has too few pixels to see anything on it. */
  "too_small",
  /** A side is too long, or both together have too many pixels. */
  "too_many_pixels",
] as const;

export const ImageFault = v.pipe(v.picklist(imageFaults), v.description("Why it is not taken"));
export type ImageFault = v.InferOutput<typeof ImageFault>;

const arrived = {
  upload_id: UploadId,
  bytes: v.pipe(v.number(), v.integer(), v.description("Its size")),
  uploaded_at: moment("When it arrived"),
};
const pixels = v.pipe(v.number(), v.integer(), v.description("Pixels"));

/** What arrived by a form, judged by its bytes. */
export const UploadStatus = v.variant("status", [
  v.strictObject({
    ...arrived,
    status: v.literal("uploaded"),
    reason: v.null(),
    content_type: ImageType,
    width: pixels,
    height: pixels,
  }),
  v.strictObject({
    ...arrived,
    status: v.literal("rejected"),
    reason: ImageFault,
    content_type: v.null(),
    width: v.null(),
    height: v.null(),
  }),
]);
export type UploadStatus = v.InferOutput<typeof UploadStatus>;

/** Path at which to ask what arrived. */
export function uploadStatusUrl(id: UploadId): string {
  return `/api/upload/status/${id}`;
}
