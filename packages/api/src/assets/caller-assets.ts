import { type ImageRecords, imageStatus, requestImage } from "@penstock/assets/images";
import type { PixelLimits } from "@penstock/assets/settings";
import { presignUpload, type Uploads, uploadStatus } from "@penstock/assets/uploads";
import { type ImageMessage, imageStatusUrl } from "@penstock/contracts";
import type { TakePermit } from "../limits/permits.ts";
import { Problem } from "../problem.ts";
import type { Assets } from "./assets.ts";

export interface AssetsPorts {
  readonly records: Pick<ImageRecords, "create" | "find" | "fail">;
  readonly uploads: Uploads;
  /** Puts a message into the queue of pictures. */
  readonly send: (message: ImageMessage) => Promise<void>;
  readonly take: TakePermit<"image" | "upload" | "judge">;
  readonly settings: {
    readonly recordDays: number;
    readonly lostMinutes: number;
    readonly uploadSeconds: number;
    readonly uploadBytes: number;
    readonly pixels: PixelLimits;
  };
  /** A UUID that nobody has had. */
  readonly newId: () => string;
  readonly now: () => Date;
}

/** In the same words for what never was, is not there yet, and is somebody else's. */
export const noUpload = () =>
  new Problem(
    "not-found",
    "There is no upload of this id of yours. Send the form first, or ask for another.",
  );

/** Pictures and uploads over tables, buckets and a queue. */
export function callerAssets(ports: AssetsPorts): Assets {
  const { records, uploads, send, take, settings, newId, now } = ports;
  return {
    async requestImage(caller, wanted) {
      await take("image", caller);
      const { recordDays } = settings;
      const { request_id } = await requestImage({ records, send, recordDays, newId, now }, caller, wanted);
      const status_url = imageStatusUrl(request_id);
      return { message: "Image generation request queued", request_id, status_url };
    },
    async imageStatus(caller, id) {
      const status = await imageStatus({ records, lostMinutes: settings.lostMinutes, now }, caller, id);
      if (status !== undefined) return status;
      throw new Problem("not-found", "There is no picture of this id that you asked for in the last days.");
    },
    async uploadForm(caller, { content_type, bytes = 1 }) {
      const { uploadBytes } = settings;
      if (bytes > uploadBytes) {
        const detail = `A picture has at most ${uploadBytes} bytes. Make it smaller.`;
        throw new Problem("invalid-input", detail, { fields: [{ field: "bytes", detail }] });
      }
      await take("upload", caller);
      return presignUpload({ uploads, settings, newId, now }, caller, content_type);
    },
    async uploadStatus(caller, id) {
      await take("judge", caller);
      const status = await uploadStatus({ uploads, pixels: settings.pixels }, caller, id);
      if (status === undefined) throw noUpload();
      return status;
    },
  };
}
