import { type Caller, type ImageType, keyOwner, uploadKey } from "@penstock/contracts";
import { ownerMark } from "./owner-mark.ts";
import { newUploadId, type PresignPorts } from "./presign-upload.ts";
import type { Uploads } from "./uploads.ts";

/** Keeps a picture that came with a request, as if its sender had uploaded it. It is judged before. @returns its key */
export async function keepUpload(
  ports: { readonly uploads: Pick<Uploads, "put"> } & Pick<PresignPorts, "newId" | "now">,
  caller: Caller,
  picture: { readonly bytes: Uint8Array; readonly type: ImageType },
): Promise<string> {
  const key = uploadKey(keyOwner(caller), newUploadId(ports, picture.type));
  await ports.uploads.put(key, picture.bytes, picture.type, ownerMark(caller.subject));
  return key;
}
