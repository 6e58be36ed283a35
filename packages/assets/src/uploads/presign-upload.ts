import {
  type Caller,
  type ImageType,
  imageTypes,
  keyMoment,
  keyOwner,
  type UploadForm,
  type UploadId,
  uploadKey,
  uploadStatusUrl,
} from "@penstock/contracts";
import type { AssetsSettings } from "../settings.ts";
import { ownerMark } from "./owner-mark.ts";
import type { Uploads } from "./uploads.ts";

export interface PresignPorts {
  readonly uploads: Pick<Uploads, "form">;
  readonly settings: Pick<AssetsSettings, "uploadSeconds" | "uploadBytes">;
  /** A UUID that nobody has had. */
  readonly newId: () => string;
  readonly now: () => Date;
}

/** An id for an upload that begins now. */
export function newUploadId({ newId, now }: Pick<PresignPorts, "newId" | "now">, type: ImageType): UploadId {
  return `${keyMoment(now())}_${newId()}.${imageTypes[type]}`;
}

/** A form by which a caller can upload one picture, to a key of their own. */
export async function presignUpload(
  ports: PresignPorts,
  caller: Caller,
  type: ImageType,
): Promise<UploadForm> {
  const { uploads, settings, now } = ports;
  const id = newUploadId(ports, type);
  const begins = now().getTime();
  const { url, fields } = await uploads.form(uploadKey(keyOwner(caller), id), {
    type,
    owner: ownerMark(caller.subject),
    mostBytes: settings.uploadBytes,
    seconds: settings.uploadSeconds,
  });
  return {
    upload_id: id,
    url,
    method: "POST",
    fields,
    expires_at: new Date(begins + settings.uploadSeconds * 1000).toISOString(),
    max_bytes: settings.uploadBytes,
    status_url: uploadStatusUrl(id),
  };
}
