import { type ColourName, colourOf } from "./colours.ts";

/** What the pixels of a picture tell. Shares and brightness are from 0 to 1. */
export interface PixelFacts {
  readonly width: number;
  readonly height: number;
  /** Share of each colour among the pixels that can be seen; those that there are. */
  readonly colours: ReadonlyMap<ColourName, number>;
  /** Mean lightness of the pixels that can be seen. */
  readonly brightness: number;
  /** Share of the pixels that cannot be seen. */
  readonly transparent: number;
  /** How alike the pixels along the edges are; 0 where any of them cannot be seen. */
  readonly plainEdges: number;
  /** Mean difference of lightness between neighbours. */
  readonly texture: number;
}

/** Why bytes are no picture that is looked at. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
  /** `format`: neither JPEG nor PNG, or broken; `small` and `large`: sides outside of 80 to 10,000 pixels. */
  readonly why: "format" | "small" | "large";

  constructor(why: Undecodable["why"], cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** Sides of a picture that is looked at. Source: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html */
const [LEAST_SIDE, MOST_SIDE] = [80, 10_000];
/** Pixels of the largest such picture: what is larger is not decoded. */
const MOST_PIXELS = MOST_SIDE * MOST_SIDE;
/** Sides to which a picture is made smaller before it is looked at. */
const LOOKED_AT = 256;
/** Alpha up to which a pixel counts as one that cannot be seen: what is under it is often black. */
const SEEN = 128;

/** Decodes a JPEG or PNG and counts. @throws {Undecodable} */
export async function pixelFacts(bytes: Uint8Array): Promise<PixelFacts> {
  // Native, and not there on every system: loaded by those who look at pictures.
  const { default: sharp } = await import("sharp");
  const picture = () => sharp(bytes, { failOn: "error", limitInputPixels: MOST_PIXELS });
  const refused = (error: unknown): never => {
    throw new Undecodable("format", error);
  };
  if (bytes.length === 0) throw new Undecodable("format");
  const { format, width, height } = await picture().metadata().catch(refused);
  if (format !== "jpeg" && format !== "png") throw new Undecodable("format");
  if (Math.max(width, height) > MOST_SIDE) throw new Undecodable("large");
  if (Math.min(width, height) < LEAST_SIDE) throw new Undecodable("small");
  const { data, info } = await picture()
    .resize(LOOKED_AT, LOOKED_AT, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(refused);
  return { width, height, ...counted(data, info.width, info.height) };
}

/** @param data red, green, blue and alpha of each pixel, row by row */
function counted(data: Uint8Array, width: number, height: number): Omit<PixelFacts, "width" | "height"> {
  const pixels = width * height;
  const colours = new Map<ColourName, number>();
  const lightness = new Float32Array(pixels);
  let seen = 0;
  let sum = 0;
  for (let at = 0; at < pixels; at += 1) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at * 4, at * 4 + 4);
    lightness[at] = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    if (alpha <= SEEN) {
      lightness[at] = Number.NaN;
      continue;
    }
    seen += 1;
    sum += lightness[at] ?? 0;
    const colour = colourOf(red, green, blue);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const share = (count: number) => (seen === 0 ? 0 : count / seen);
  return {
    colours: new Map([...colours].map(([name, count]) => [name, share(count)])),
    brightness: share(sum),
    transparent: 1 - seen / pixels,
    plainEdges: alike(lightness, width, height),
    texture: roughness(lightness, width),
  };
}

/** 1 less five times the spread of lightness along the edges. */
function alike(lightness: Float32Array, width: number, height: number): number {
  const edge = Array.from(lightness).filter((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const mean = edge.reduce((sum, each) => sum + each, 0) / edge.length;
  const spread = Math.sqrt(edge.reduce((sum, each) => sum + (each - mean) ** 2, 0) / edge.length);
  return Number.isNaN(spread) ? 0 : Math.max(0, 1 - 5 * spread);
}

function roughness(lightness: Float32Array, width: number): number {
  let [sum, pairs] = [0, 0];
  for (let at = 1; at < lightness.length; at += 1) {
    const difference = Math.abs((lightness[at] ?? 0) - (lightness[at - 1] ?? 0));
    if (at % width === 0 || Number.isNaN(difference)) continue;
    sum += difference;
    pairs += 1;
  }
  return pairs === 0 ? 0 : sum / pairs;
}
