import { createHash } from "node:crypto";

/** A picture that is to be drawn. */
export interface OfflineDrawing {
  readonly prompt: string;
  readonly seed: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Letters of five by seven squares, a row a number of five bits. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  O: [14, 17, 17, 17, 17, 17, 14],
  F: [31, 16, 16, 30, 16, 16, 16],
  L: [16, 16, 16, 16, 16, 16, 31],
  I: [14, 4, 4, 4, 4, 4, 14],
  N: [17, 25, 21, 19, 17, 17, 17],
  E: [31, 16, 16, 30, 16, 16, 31],
};
const WORD = "OFFLINE";
const SHAPES = 6;

/**
 * A PNG of shapes in colours that follow from the prompt and the seed, and of nothing that the prompt says: nobody who sees it
 * takes it for a model's, as the word OFFLINE stands in it. Letters are paths: fonts are not the same everywhere.
 */
export async function drawOffline(drawing: OfflineDrawing): Promise<Buffer> {
  // Native, and not there on every system: loaded by those who draw.
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(svgOf(drawing)))
    .png({ palette: true, colours: 32, effort: 1 })
    .toBuffer();
}

function svgOf({ prompt, seed, width, height }: OfflineDrawing): string {
  const chance = createHash("sha256").update(`${seed} ${prompt}`).digest();
  const next = chances(chance);
  const hue = next() * 360;
  const shapes = Array.from({ length: SHAPES }, () => {
    const colour = `hsl(${Math.round(hue + next() * 120) % 360},${40 + Math.round(next() * 40)}%,${35 + Math.round(next() * 40)}%)`;
    const [x, y] = [Math.round(next() * width), Math.round(next() * height)];
    const size = Math.round((0.1 + next() * 0.25) * Math.min(width, height));
    return next() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size}" fill="${colour}"/>`
      : `<rect x="${x - size}" y="${y - size}" width="${2 * size}" height="${2 * size}" rx="${Math.round(size / 4)}" fill="${colour}"/>`;
  });
  const background = `<rect width="${width}" height="${height}" fill="hsl(${Math.round(hue)},30%,88%)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">${background}${shapes.join("")}${band(width, height)}</svg>`;
}

/** The word in white squares on a dark band at the lower edge. */
function band(width: number, height: number): string {
  const columns = WORD.length * 6 + 1;
  const square = Math.max(1, Math.floor(Math.min(width * 0.6, height * 2) / columns));
  const [left, top] = [Math.round((width - columns * square) / 2), height - 11 * square];
  const squares = [...WORD].flatMap((letter, place) =>
    (LETTERS[letter] ?? []).flatMap((row, y) =>
      Array.from({ length: 5 }, (_, x) => x)
        .filter((x) => (row >> (4 - x)) & 1)
        .map((x) => {
          const at = [left + (place * 6 + 1 + x) * square, top + (1 + y) * square].join(" ");
          return `M${at}h${square}v${square}h-${square}z`;
        }),
    ),
  );
  return `<rect y="${top - square}" width="${width}" height="${12 * square}" fill="#222"/><path fill="#fff" d="${squares.join("")}"/>`;
}

/** Numbers from 0 to 1, in a row that the bytes begin. */
function chances(bytes: Buffer): () => number {
  let state = bytes.readUInt32BE(0);
  return () => {
    // Xorshift: shapes need no better chance.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
