import type { ImageFault, ImageType } from "@penstock/contracts";
import { disableTypes, imageSize, types } from "image-size";
import type { PixelLimits } from "../settings.ts";

/** Of others nothing is read, so that nothing in a file can lead into their readers. */
disableTypes(types.filter((type) => type !== "jpg" && type !== "png"));

/** So many bytes from the beginning tell a picture's size; those of a JPEG's camera and colours stand before it. */
export const HEAD_BYTES = 256 * 1024;
/** So many bytes before the end tell whether it is there. */
export const TAIL_BYTES = 64;

/** A picture by its bytes. Pixels. */
export interface SoundImage {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
}

const STARTS = [
  ["image/jpeg", Uint8Array.of(0xff, 0xd8, 0xff)],
  ["image/png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
] as const satisfies readonly (readonly [ImageType, Uint8Array])[];

/** How a whole file ends: the marker of a JPEG's end, a PNG's last chunk. Cameras write some bytes of their own after it. */
const ENDS: Readonly<Record<ImageType, Buffer>> = {
  "image/jpeg": Buffer.of(0xff, 0xd9),
  "image/png": Buffer.of(0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82),
};

/**
 * Whether a file is a picture that can be used: by its first bytes, its header and its end, whatever it is called. It is not
 * decoded: that costs what somebody else decides, and whoever looks at it does it anyway.
 * @param head the first {@link HEAD_BYTES}, or all there are
 * @param tail the last {@link TAIL_BYTES}, or all there are
 * @param sentType what the sender said that it is
 */
export function judgeImage(
  head: Uint8Array,
  tail: Uint8Array,
  sentType: string,
  { side: [shortest, longest], most }: PixelLimits,
): SoundImage | { readonly rejected: ImageFault } {
  const type = STARTS.find(([, start]) => start.every((byte, place) => head[place] === byte))?.[0];
  if (type === undefined) return { rejected: "not_an_image" };
  const size = sizeOf(head);
  if (size === undefined || !Buffer.from(tail).includes(ENDS[type])) return { rejected: "truncated" };
  if (type !== sentType) return { rejected: "type_mismatch" };
  const { width, height } = size;
  if (Math.min(width, height) < shortest) return { rejected: "too_small" };
  if (Math.max(width, height) > longest || width * height > most) return { rejected: "too_many_pixels" };
  return { type, width, height };
}

/** Width and height by the header; undefined where it does not tell them, which of a whole file it does. */
function sizeOf(head: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  try {
    const { width, height } = imageSize(head);
    return { width, height };
  } catch {
    return undefined;
  }
}
