import type { ImageFault, ImageType } from "@penstock/contracts";
import { disableTypes, imageSize, types } from "image-size";
import type { PixelLimits } from "../settings.ts";

/**
 * Of others nothing is read, so that nothing in a file can lead into their readers. A JPEG's moves on by single bytes where segments
 * do not fit: seconds for a file that is made for it.
 */
disableTypes(types.filter((type) => type !== "png"));

/** A picture tells its size within so many bytes, or is none that is taken: a JPEG's camera and colours stand before its size. */
export const HEAD_BYTES = 1024 * 1024;
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
  const type = typeOf(head);
  if (type === undefined) return { rejected: "not_an_image" };
  const header = headerOf(type, head);
  if (header === undefined || !hasEnd(type, tail ?? head.subarray(header.bytes)))
    return { rejected: "truncated" };
  if (type !== sentType) return { rejected: "type_mismatch" };
  const { width, height } = header;
  if (Math.min(width, height) < shortest) return { rejected: "too_small" };
  if (Math.max(width, height) > longest || width * height > most) return { rejected: "too_many_pixels" };
  return { type, width, height };
}

/** Whether a file's first {@link HEAD_BYTES} tell a picture's size. Where they do not, nothing behind them is worth reading. */
export function tellsSize(head: Uint8Array): boolean {
  const type = typeOf(head);
  return type !== undefined && headerOf(type, head) !== undefined;
}

function typeOf(head: Uint8Array): ImageType | undefined {
  return STARTS.find(([, start]) => start.every((byte, place) => head[place] === byte))?.[0];
}

/** What stands before a picture's pixels: their size, and how many bytes it has itself. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

function headerOf(type: ImageType, head: Uint8Array): Header | undefined {
  const first = head.subarray(0, HEAD_BYTES);
  return type === "image/jpeg" ? jpegHeader(first) : pngHeader(first);
}

/** The first chunk of a PNG. `image-size` also takes Apple's form, which begins with another and which nobody else decodes. */
const FIRST_CHUNK = Buffer.from("IHDR");

function pngHeader(first: Uint8Array): Header | undefined {
  if (!FIRST_CHUNK.equals(first.subarray(12, 16))) return undefined;
  try {
    const { width, height } = imageSize(first);
    return { width, height, bytes: 0 };
  } catch {
    return undefined;
  }
}

const START_OF_SCAN = 0xda;
/** Segments that tell the size: baseline, extended and progressive. Nothing that looks at pictures takes the others. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Tables, restart intervals, what programs and people add: each tells its length. */
const OTHERS: readonly number[] = [
  ...[0xc4, 0xdb, 0xdd, 0xfe],
  ...Array.from({ length: 16 }, (_, program) => 0xe0 + program),
];

/**
 * A JPEG's segments up to where its pixels begin. Small pictures of the same, with sizes and ends of their own, can stand in them, and
 * among pixels the marker of an end cannot be. Source: ITU T.81, B.1.1 and B.2.2
 */
function jpegHeader(first: Uint8Array): Header | undefined {
  const view = new DataView(first.buffer, first.byteOffset, first.length);
  let size: Pick<Header, "width" | "height"> | undefined;
  for (let at = 2; at + 4 <= first.length; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === START_OF_SCAN) return size && { ...size, bytes: at };
    if (marker === 0xff) {
      // Any number of these can stand before a marker.
      at += 1;
      continue;
    }
    if (FRAMES.includes(marker)) {
      // Of two sizes one would be looked at here, the other by who decodes it.
      if (size !== undefined || at + 9 > first.length) return undefined;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    } else if (!OTHERS.includes(marker)) {
      // Some have no length: decoders pass over them, to other segments than what follows would lead to as a length.
      return undefined;
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function hasEnd(type: ImageType, bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(ENDS[type]);
}
