import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { judgeImage } from "../../packages/assets/src/uploads/index.ts";
import { blackPng } from "./pictures.ts";

const LIMITS = { side: [80, 10_000] as [number, number], most: 40_000_000 };
const judged = (bytes: Uint8Array, sent = "image/png") => judgeImage({ head: bytes }, sent, LIMITS);

let jpeg: Buffer;
let photo: Buffer;
beforeAll(async () => {
  const plain = sharp({ create: { width: 120, height: 90, channels: 3, background: "#c03" } });
  jpeg = await plain.clone().jpeg().toBuffer();
  // As a camera writes it: what it knows of itself before the picture.
  photo = await plain
    .clone()
    .withExif({ IFD0: { Make: "Camera", ImageDescription: "d".repeat(40_000) } })
    .jpeg()
    .toBuffer();
});

/** A JPEG with so many segments of 64 KiB of some program's own, each with the end of a small picture in it. */
function withSegments(whole: Buffer, count: number): Buffer {
  const segment = Buffer.alloc(2 + 65_535);
  segment.writeUInt16BE(0xffed, 0);
  segment.writeUInt16BE(65_535, 2);
  segment.writeUInt16BE(0xffd9, 1000);
  return Buffer.concat([whole.subarray(0, 2), ...Array(count).fill(segment), whole.subarray(2)]);
}

describe("a picture that can be used", () => {
  it("is a JPEG or PNG, by its bytes", () => {
    expect(judged(blackPng(120, 90))).toEqual({ type: "image/png", width: 120, height: 90 });
    expect(judged(jpeg, "image/jpeg")).toEqual({ type: "image/jpeg", width: 120, height: 90 });
    expect(judged(photo, "image/jpeg")).toEqual({ type: "image/jpeg", width: 120, height: 90 });
  });

  it.each([
    ["some bytes", 16],
    ["a telephone's own marks", 200],
    ["a film of a second", 1_000_000],
  ])("may have a camera's own after its end: %s", (_, more) => {
    expect(judged(Buffer.concat([jpeg, Buffer.alloc(more)]), "image/jpeg")).toMatchObject({ width: 120 });
  });

  it.each([5, 15])(
    "may have more than its pixels before them: notes and colours of %i full segments",
    (count) => {
      expect(judged(withSegments(jpeg, count), "image/jpeg")).toMatchObject({ width: 120, height: 90 });
    },
  );

  it("may have any number of bytes 0xff before a marker", () => {
    const padded = Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(7, 0xff), jpeg.subarray(2)]);

    expect(judged(padded, "image/jpeg")).toMatchObject({ width: 120, height: 90 });
  });
});

describe("a picture that cannot be used", () => {
  it.each([
    ["a text file that is called .jpg", Buffer.from("no picture, but named photo.jpg"), "not_an_image"],
    ["an empty file", Buffer.alloc(0), "not_an_image"],
    ["a GIF", Buffer.from("GIF89a\x01\x00\x01\x00", "latin1"), "not_an_image"],
    ["an SVG, whatever it holds", Buffer.from("<svg width='100' height='100'/>"), "not_an_image"],
    ["the first bytes of a PNG alone", blackPng(120, 90).subarray(0, 12), "truncated"],
    ["a PNG that is cut in its header", blackPng(120, 90).subarray(0, 20), "truncated"],
    ["a PNG that is cut before its end", blackPng(120, 90).subarray(0, -12), "truncated"],
    ["a side that is too short", blackPng(79, 500), "too_small"],
    ["a side that is too long", blackPng(10_001, 80), "too_many_pixels"],
    ["50 megapixels", blackPng(8192, 6144), "too_many_pixels"],
  ])("is %s", (_, bytes, fault) => {
    expect(judged(bytes)).toEqual({ rejected: fault });
  });

  it("is a JPEG that is cut anywhere", () => {
    for (const kept of [3, 20, Math.floor(jpeg.length / 2), jpeg.length - 2])
      expect(judged(jpeg.subarray(0, kept), "image/jpeg")).toEqual({ rejected: "truncated" });
  });

  it("is a JPEG that is cut although a small picture in it is whole", () => {
    const large = withSegments(jpeg, 1);
    for (const kept of [30_000, large.length - jpeg.length + 100, large.length - 2])
      expect(judged(large.subarray(0, kept), "image/jpeg")).toEqual({ rejected: "truncated" });
  });

  it("is a JPEG whose segments do not lead to its size, whether it stands somewhere or not", () => {
    const begin = Buffer.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0);
    const zeros = Buffer.alloc(2_000_000);

    for (const bytes of [
      Buffer.concat([begin, zeros.subarray(0, 300), jpeg.subarray(2), zeros]),
      Buffer.concat([begin, zeros, jpeg.subarray(2)]),
      Buffer.concat([begin.subarray(0, 4), zeros]),
      Buffer.concat([begin.subarray(0, 2), Buffer.alloc(2_000_000, 0xff), jpeg.subarray(2)]),
    ])
      expect(judgeImage({ head: bytes, tail: jpeg.subarray(-2) }, "image/jpeg", LIMITS)).toEqual({
        rejected: "truncated",
      });
  });

  describe("is a JPEG with a size for whoever looks and another for whoever decodes", () => {
    const small = Buffer.of(0xff, 0xc0, 0, 11, 8, 0, 100, 0, 100, 1, 1, 0x11, 0);
    const scan = Buffer.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0);
    let large: Buffer;
    /** Where its own size stands, and where that ends. */
    let size: [from: number, to: number];
    beforeAll(async () => {
      const plain = sharp({ create: { width: 9000, height: 6000, channels: 3, background: "#c03" } });
      large = await plain.jpeg({ quality: 20 }).toBuffer();
      let at = 2;
      while (large.readUInt16BE(at) !== 0xffc0) at += 2 + large.readUInt16BE(at + 2);
      size = [at, at + 2 + large.readUInt16BE(at + 2)];
    });

    it("which is refused for its pixels as it was made", () => {
      expect(judged(large, "image/jpeg")).toEqual({ rejected: "too_many_pixels" });
    });

    it.each([0x00, 0x01, 0xd0, 0xd7, 0xd8, 0xd9, 0xc8])(
      "by a marker without a length: %i",
      async (marker) => {
        const [from, to] = size;
        // A reader that takes the next marker, 0xffc0, for a length comes into the comment, to a small size.
        const comment = Buffer.alloc(2 + 65_535);
        comment.writeUInt16BE(0xfffe, 0);
        comment.writeUInt16BE(65_535, 2);
        Buffer.concat([small, scan]).copy(comment, 0xffc0 - (to - from));
        const evading = Buffer.concat([
          large.subarray(0, from),
          Buffer.of(0xff, marker),
          large.subarray(from, to),
          comment,
          large.subarray(to),
        ]);

        expect(judged(evading, "image/jpeg")).toEqual({ rejected: "truncated" });
        if (marker === 0xd0) expect(await sharp(evading).metadata()).toMatchObject({ width: 9000 });
      },
    );

    it("by two sizes", () => {
      const twice = (at: number) => Buffer.concat([large.subarray(0, at), small, large.subarray(at)]);

      for (const at of size) expect(judged(twice(at), "image/jpeg")).toEqual({ rejected: "truncated" });
    });
  });

  it("is a PNG with something before its header", () => {
    const whole = blackPng(8000, 6000);
    const chunk = Buffer.from("000000044367424950002002", "hex");
    const lying = Buffer.concat([
      whole.subarray(0, 8),
      chunk,
      Buffer.alloc(4),
      blackPng(100, 100).subarray(8, 33),
      whole.subarray(8),
    ]);

    expect(judged(whole)).toEqual({ rejected: "too_many_pixels" });
    expect(judged(lying)).toEqual({ rejected: "truncated" });
  });

  it("is a JPEG that has more than a MiB before its pixels", () => {
    expect(judged(withSegments(jpeg, 17), "image/jpeg")).toEqual({ rejected: "truncated" });
  });

  it("is of another type than was said", () => {
    expect(judged(jpeg, "image/png")).toEqual({ rejected: "type_mismatch" });
    expect(judged(blackPng(120, 90), "image/jpeg")).toEqual({ rejected: "type_mismatch" });
  });

  it("is told from any bytes, which are as large as their header says or refused", () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const start = seed % 2 === 0 ? jpeg : blackPng(120, 90);
      const bytes = Buffer.from(start.subarray(0, 300));
      for (let at = 8; at < bytes.length; at += 1 + (seed % 7)) bytes[at] = (at * (seed + 31)) % 256;
      // Of a JPEG's first bytes there is no end; a PNG of this size is all there.
      const verdict = judged(bytes, seed % 2 === 0 ? "image/jpeg" : "image/png");
      const size = { width: expect.any(Number), height: expect.any(Number) };
      expect([{ rejected: expect.any(String) }, { type: "image/png", ...size }]).toContainEqual(verdict);
    }
  });
});
