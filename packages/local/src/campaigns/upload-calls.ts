import { type ImageType, UploadForm, UploadStatus } from "@penstock/contracts";
import { ApiRefused, answered } from "../main-job/answered.ts";
import type { CallApi } from "../main-job/call-api.ts";

/** Uploads a picture by a form, and asks what arrived. @throws {ApiRefused} */
export async function uploadPicture(
  call: CallApi,
  { bytes, type }: { readonly bytes: Uint8Array; readonly type: ImageType },
  signal: AbortSignal,
): Promise<UploadStatus> {
  const asked = await call("/api/upload/presigned-url", {
    method: "POST",
    body: JSON.stringify({ content_type: type, bytes: bytes.byteLength }),
  });
  const { url, method, fields, status_url } = await answered(UploadForm, asked, "the form");
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // Last: S3 ignores what comes after it.
  form.append("file", new Blob([Buffer.from(bytes)]));
  const sent = await fetch(url, { method, body: form, signal });
  await sent.body?.cancel();
  if (!sent.ok) throw new ApiRefused(`S3 did not take the picture: ${sent.status}`, sent.status);
  return answered(UploadStatus, await call(status_url), "the upload");
}
