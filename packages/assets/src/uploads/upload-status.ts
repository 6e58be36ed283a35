import { type Caller, keyOwner, type UploadId, type UploadStatus, uploadKey } from "@penstock/contracts";
import type { PixelLimits } from "../settings.ts";
import { HEAD_BYTES, type ImageVerdict, judgeImage, TAIL_BYTES, tellsSize } from "./judge-image.ts";
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
  readonly verdict: ImageVerdict;
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
  const verdict = await verdictOf(
    (start, end) => uploads.range(key, start, end),
    bytes,
    (parts) => judgeImage(parts, type, pixels),
  );
  return { key, etag, bytes, at, verdict };
}

/**
 * Reads as little of a file as tells what it is: its first bytes; its last where those tell a picture's size; and all of it only where
 * both leave open whether it is whole.
 */
async function verdictOf(
  range: (start: number, end: number) => Promise<Uint8Array>,
  bytes: number,
  judge: (parts: { head: Uint8Array; tail?: Uint8Array }) => ImageVerdict,
): Promise<ImageVerdict> {
  const head = await range(0, Math.min(bytes, HEAD_BYTES));
  if (bytes <= HEAD_BYTES || !tellsSize(head)) return judge({ head });
  const verdict = judge({ head, tail: await range(Math.max(HEAD_BYTES, bytes - TAIL_BYTES), bytes) });
  if (!("rejected" in verdict) || verdict.rejected !== "truncated") return verdict;
  return judge({ head: Buffer.concat([head, await range(HEAD_BYTES, bytes)]) });
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
