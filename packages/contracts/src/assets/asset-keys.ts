import type { ImageId } from "./image-id.ts";
import type { KeyOwner } from "./key-owner.ts";
import type { UploadId } from "./upload.ts";

/** A moment as keys have it, to the second and in UTC: `20261121T154424Z`. */
export function keyMoment(at: Date): string {
  return at
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
}

/** Key of a picture that somebody uploaded, in the bucket of uploads. */
export function uploadKey(owner: KeyOwner, upload: UploadId): string {
  return `uploads/${owner}/${upload}`;
}

/**
 * Key of a picture that was drawn, in the bucket of generated assets: made of its record alone, so that whoever comes
 * second finds what the first has put there.
 * @param slug the prompt's words, by `promptSlug`
 */
export function generatedKey(
  record: { readonly key_owner: KeyOwner; readonly created_at: string; readonly request_id: ImageId },
  slug: string,
): string {
  const moment = keyMoment(new Date(record.created_at));
  return `generated/${record.key_owner}/${moment}_${record.request_id}_${slug}.png`;
}
