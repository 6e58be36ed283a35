import { createHash } from "node:crypto";
import type { PixelLimits } from "@penstock/assets/settings";
import { judgedUpload, judgeImage, keepUpload, type Uploads } from "@penstock/assets/uploads";
import type { ImageIdentity } from "@penstock/campaign/requests";
import type { Caller, CampaignImage, ImageFault } from "@penstock/contracts";
import { noUpload } from "../assets/caller-assets.ts";
import type { TakePermit } from "../limits/permits.ts";
import { Problem } from "../problem.ts";

export interface PicturePorts {
  readonly uploads: Uploads;
  readonly pixels: PixelLimits;
  readonly take: TakePermit<"judge">;
  /** A UUID that nobody has had. */
  readonly newId: () => string;
  readonly now: () => Date;
}

/** A product's picture that can be used. */
export interface ProductPicture {
  readonly identity: ImageIdentity;
  /** Its key; one that came with the request is kept by this. */
  readonly key: () => Promise<string>;
}

const FAULTS: Readonly<Record<ImageFault, string>> = {
  not_an_image: "it is neither JPEG nor PNG, whatever it is called",
  type_mismatch: "it is of another type than was said",
  truncated: "it is cut off or broken, or has more than 1 MiB before its pixels",
  too_small: "a side has too few pixels",
  too_many_pixels: "it has too many pixels",
};

/** @param fault a code, which stays the same, and the sentence that goes with it */
export function unusableImage(fault: ImageFault): Problem {
  const detail = `The picture cannot be used (${fault}): ${FAULTS[fault]}. Give another.`;
  return new Problem("unusable-image", detail, { fields: [{ field: "image", detail: fault }] });
}

/**
 * The picture of a request, judged before anything is kept or begun.
 * @throws {Problem} `not-found` for an upload that is not there or somebody else's; `unusable-image`; `too-many-requests`
 */
export async function productPicture(
  ports: PicturePorts,
  caller: Caller,
  image: CampaignImage,
): Promise<ProductPicture> {
  await ports.take("judge", caller);
  if ("upload_id" in image) {
    const found = await judgedUpload(ports, caller, image.upload_id);
    if (found === undefined) throw noUpload();
    if ("rejected" in found.verdict) throw unusableImage(found.verdict.rejected);
    const { key, etag } = found;
    return { identity: { upload_id: image.upload_id, etag }, key: async () => key };
  }
  const bytes = Buffer.from(image.data, "base64");
  const type = image.content_type;
  const verdict = judgeImage({ head: bytes }, type, ports.pixels);
  if ("rejected" in verdict) throw unusableImage(verdict.rejected);
  return {
    identity: { sha256: createHash("sha256").update(bytes).digest("hex") },
    key: () => keepUpload(ports, caller, { bytes, type }),
  };
}
