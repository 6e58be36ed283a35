import { type AspectRatio, type ImageId, type ImageStatus, imageStatusUrl } from "@penstock/contracts";
import { drawnImage } from "../../campaigns/image-calls.ts";
import type { CallApi } from "../call-api.ts";

/** A picture that was asked for, and what its address gives. */
export interface DrawnPicture {
  readonly status: Exclude<ImageStatus, { status: "pending" }>;
  /** Why what is at its address is not the picture; absent where it is. */
  readonly fault?: string;
}

/** How a PNG begins; width and height stand behind, four bytes each. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
/** Sides are steps of pixels, so their ratio is near. */
const NEAR = 0.06;

/** Waits for a picture and fetches it where it is served. */
export async function drawnPicture(call: CallApi, id: ImageId, signal: AbortSignal): Promise<DrawnPicture> {
  const status = await drawnImage(call, id, signal);
  if (status.status === "failed") return { status, fault: status.error };
  const served = await fetch(status.s3_url, { signal });
  const bytes = Buffer.from(await served.arrayBuffer());
  if (!served.ok) return { status, fault: `its address answers ${served.status}` };
  const fault = pngFault(bytes, status.aspect_ratio);
  return { status, ...(fault !== undefined && { fault }) };
}

/** Whether a picture is there for whoever asks. */
export async function seesPicture(call: CallApi, id: ImageId): Promise<boolean> {
  const response = await call(imageStatusUrl(id));
  await response.body?.cancel();
  return response.ok;
}

function pngFault(bytes: Buffer, ratio: AspectRatio): string | undefined {
  if (!bytes.subarray(0, PNG.length).equals(PNG) || bytes.length < PNG.length + 8) return "it is no PNG";
  const [width, height] = [bytes.readUInt32BE(PNG.length), bytes.readUInt32BE(PNG.length + 4)];
  const [wide = 1, high = 1] = ratio.split(":").map(Number);
  const off = Math.abs(width / height / (wide / high) - 1);
  return off <= NEAR ? undefined : `it has ${width} × ${height} pixels, which is not ${ratio}`;
}
