import { setTimeout as sleep } from "node:timers/promises";
import {
  type ImageId,
  ImageQueued,
  type ImageRequest,
  ImageStatus,
  imageStatusUrl,
} from "@penstock/contracts";
import type * as v from "valibot";
import { answered } from "../main-job/answered.ts";
import type { CallApi } from "../main-job/call-api.ts";

/** How often it is asked whether a picture is drawn. */
const POLL_MS = 300;

/** Asks for a picture. @returns its id @throws {ApiRefused} */
export async function requestImage(
  call: CallApi,
  request: v.InferInput<typeof ImageRequest>,
): Promise<ImageId> {
  const response = await call("/api/assets/", {
    method: "POST",
    body: JSON.stringify(request),
  });
  return (await answered(ImageQueued, response, "the picture")).request_id;
}

/** How a picture stands once it is drawn, or is not going to be. @throws {ApiRefused} */
export async function drawnImage(
  call: CallApi,
  id: ImageId,
  signal: AbortSignal,
): Promise<Exclude<ImageStatus, { status: "pending" }>> {
  for (;;) {
    const status = await answered(ImageStatus, await call(imageStatusUrl(id)), `the picture ${id}`);
    if (status.status !== "pending") return status;
    await sleep(POLL_MS, undefined, { signal });
  }
}
