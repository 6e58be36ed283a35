import type { ImageFault, ImageType } from "@penstock/contracts";
import { disableTypes, imageSize, types } from "image-size";
import type { PixelLimits } from "../settings.ts";

/** Of others nothing is read, so that nothing in a file can lead into their readers. */
disableTypes(types.filter((type) => type !== "jpg" && type !== "png"));

/** So many bytes from the beginning tell most pictures' size; those of a JPEG's camera and colours stand before it. */
export const HEAD_BYTES = 256 * 1024;
/** So many bytes before the end tell of most whether it is there: telephones write some of their own behind it. */
export const TAIL_BYTES = 64 * 1024;

/** A picture by its bytes. Pixels. */
export interface SoundImage {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
}

/** What is thought of a file. */
export type ImageVerdict = SoundImage | { readonly rejected: ImageFault };

const STARTS = [
  ["image/jpeg", Uint8Array.of(0xff, 0xd8, 0xff)],
  ["image/png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
] as const satisfies readonly (readonly [ImageType, Uint8Array])[];

/** How a picture ends: the marker of a JPEG's end, a PNG's last chunk. Cameras write after it, up to a whole film. */
const ENDS: Readonly<Record<ImageType, Buffer>> = {
  "image/jpeg": Buffer.of(0xff, 0xd9),
  "image/png": Buffer.of(0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82),
};

/**
 * Whether a file is a picture that can be used: by its first bytes, its header and its end, whatever it is called. It is not
 * decoded: that costs what somebody else decides, and whoever looks at it does it anyway.
 * @param head a whole file, or its first bytes
 * @param tail where `head` is not all: some of the last bytes behind it. "truncated" then only says that these two do not tell that
 * it is not.
 * @param sentType what the sender said that it is
 */
export function judgeImage(
  { head, tail }: { readonly head: Uint8Array; readonly tail?: Uint8Array },
  sentType: string,
  { side: [shortest, longest], most }: PixelLimits,
): ImageVerdict {
  const type = STARTS.find(([, start]) => start.every((byte, place) => head[place] === byte))?.[0];
  if (type === undefined) return { rejected: "not_an_image" };
  const size = sizeOf(head);
  if (size === undefined || !hasEnd(type, head, tail)) return { rejected: "truncated" };
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

function hasEnd(type: ImageType, head: Uint8Array, tail: Uint8Array | undefined): boolean {
  if (tail !== undefined) return Buffer.from(tail).includes(ENDS[type]);
  const from = type === "image/jpeg" ? pixelsOf(head) : 0;
  return (
    from !== undefined && Buffer.from(head.buffer, head.byteOffset, head.length).includes(ENDS[type], from)
  );
}

const START_OF_SCAN = 0xda;

/**
 * Where a JPEG's pixels begin. Small pictures of the same, with ends of their own, can stand before, and among pixels the marker of
 * an end cannot be. Source: ITU T.81, B.1.1
 */
function pixelsOf(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === START_OF_SCAN) return at;
    // Markers can have any number of bytes 0xff before them; all that can stand here tell their length.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}
