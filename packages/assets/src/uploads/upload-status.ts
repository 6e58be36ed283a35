import {
  type Caller,
  type ImageFault,
  keyOwner,
  type UploadId,
  type UploadStatus,
  uploadKey,
} from "@penstock/contracts";
import type { PixelLimits } from "../settings.ts";
import { HEAD_BYTES, judgeImage, type SoundImage, TAIL_BYTES } from "./judge-image.ts";
import { ownerMark } from "./owner-mark.ts";
import type { Uploads } from "./uploads.ts";

export interface UploadPorts {
  readonly uploads: Pick<Uploads, "find" | "range">;
  readonly pixels: PixelLimits;
}

/** What a caller uploaded, judged by its bytes as they are now. */
export interface JudgedUpload {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly at: Date;
  readonly verdict: SoundImage | { readonly rejected: ImageFault };
}

/** A caller's upload; undefined where nothing arrived, or it is somebody else's. */
export async function judgedUpload(
  { uploads, pixels }: UploadPorts,
  caller: Caller,
  id: UploadId,
): Promise<JudgedUpload | undefined> {
  const key = uploadKey(keyOwner(caller), id);
  const found = await uploads.find(key);
  if (found === undefined || found.owner !== ownerMark(caller.subject)) return undefined;
  const { bytes, type, etag, at } = found;
  const head = await uploads.range(key, 0, Math.min(bytes, HEAD_BYTES));
  const tail =
    bytes <= HEAD_BYTES ? head.subarray(-TAIL_BYTES) : await uploads.range(key, bytes - TAIL_BYTES, bytes);
  return { key, etag, bytes, at, verdict: judgeImage(head, tail, type, pixels) };
}

/** What became of a caller's upload; undefined where nothing arrived, or it is somebody else's. */
export async function uploadStatus(
  ports: UploadPorts,
  caller: Caller,
  id: UploadId,
): Promise<UploadStatus | undefined> {
  const found = await judgedUpload(ports, caller, id);
  if (found === undefined) return undefined;
  const { verdict, bytes, at } = found;
  const arrived = { upload_id: id, bytes, uploaded_at: at.toISOString() };
  if ("rejected" in verdict) {
    const nothing = { content_type: null, width: null, height: null };
    return { ...arrived, status: "rejected", reason: verdict.rejected, ...nothing };
  }
  const { type, width, height } = verdict;
  return { ...arrived, status: "uploaded", reason: null, content_type: type, width, height };
}
