import { type FauxqsServer, startFauxqs } from "fauxqs";
import sharp from "sharp";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  keepUpload,
  ownerMark,
  presignUpload,
  s3Uploads,
  type Uploads,
  uploadStatus,
} from "../../packages/assets/src/uploads/index.ts";
import { type Caller, UploadForm, UploadId, uploadKey } from "../../packages/contracts/src/index.ts";
import { newS3Client } from "../../packages/runtime/src/index.ts";
import { MemoryUploads } from "./memory-uploads.ts";
import { blackPng } from "./pictures.ts";

const ana: Caller = { subject: "ana", person: true };
const shop: Caller = { subject: "shop-client", person: false };
const pixels = { side: [80, 10_000] as [number, number], most: 40_000_000 };
const settings = { uploadSeconds: 900, uploadBytes: 15_000_000 };
const UUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
const now = () => new Date("2026-11-21T15:44:24.700Z");
const newId = () => UUID;
const ID = `20261121T154424Z_${UUID}.png`;

let server: FauxqsServer;
let uploads: Uploads;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  server.createBucket("uploads");
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${server.port}`);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  uploads = s3Uploads(newS3Client(), "uploads");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const Policy = v.strictObject({ expiration: v.string(), conditions: v.array(v.unknown()) });

describe("a form", () => {
  it("lets in one picture: its key, its type, its size, its owner, a quarter of an hour", async () => {
    const before = Date.now();
    const form = await presignUpload({ uploads, settings, newId, now }, ana, "image/png");

    expect(v.parse(UploadForm, form)).toMatchObject({
      upload_id: ID,
      method: "POST",
      expires_at: "2026-11-21T15:59:24.700Z",
      max_bytes: 15_000_000,
      status_url: `/api/upload/status/${ID}`,
    });
    const key = `uploads/ana/${ID}`;
    const text = Buffer.from(form.fields.Policy ?? "", "base64").toString("utf8");
    const policy = v.parse(Policy, JSON.parse(text));
    const { "Content-Type": type, success_action_status, "x-amz-meta-owner": owner } = form.fields;
    expect([form.fields.key, type, success_action_status, owner]).toEqual([
      key,
      "image/png",
      "201",
      ownerMark("ana"),
    ]);
    for (const condition of [
      { bucket: "uploads" },
      { key },
      { "Content-Type": "image/png" },
      { success_action_status: "201" },
      { "x-amz-meta-owner": ownerMark("ana") },
      ["content-length-range", 1, 15_000_000],
    ])
      expect(policy.conditions).toContainEqual(condition);
    expect(JSON.stringify(policy.conditions)).not.toContain("starts-with");
    expect((Date.parse(policy.expiration) - before) / 1000).toBeCloseTo(900, -2);
  });

  it("of a program leads into the folder without a name, and carries the program's mark", async () => {
    const { fields } = await presignUpload({ uploads, settings, newId, now }, shop, "image/jpeg");

    expect(fields.key).toBe(`uploads/anonymous/20261121T154424Z_${UUID}.jpg`);
    expect(fields["x-amz-meta-owner"]).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(fields.key)).not.toContain("shop");
  });
});

describe("what arrived", () => {
  const png = blackPng(120, 90);

  it("is judged by its bytes, out of a bucket, by its first and last alone", async () => {
    const key = await keepUpload({ uploads, newId, now }, ana, { bytes: png, type: "image/png" });

    const status = await uploadStatus({ uploads, pixels }, ana, ID);

    expect(key).toBe(uploadKey("ana", ID));
    expect(status).toMatchObject({
      upload_id: ID,
      status: "uploaded",
      reason: null,
      content_type: "image/png",
      bytes: png.length,
      width: 120,
      height: 90,
    });
  });

  it("of which only a head and a tail are read, however large it is", async () => {
    const memory = new MemoryUploads();
    const large = Buffer.concat([png.subarray(0, -12), Buffer.alloc(3_000_000), png.subarray(-12)]);
    memory.arrive(uploadKey("ana", ID), large, "image/png", ownerMark("ana"));

    expect(await uploadStatus({ uploads: memory, pixels }, ana, ID)).toMatchObject({ status: "uploaded" });
    expect(memory.read).toBe(1024 * 1024 + 64 * 1024);
  });

  it("is read to its end where that does not tell: a photo with a film behind it", async () => {
    const jpeg = await sharp({ create: { width: 900, height: 700, channels: 3, background: "#c03" } })
      .jpeg()
      .toBuffer();
    const id = ID.replace(".png", ".jpg");
    const arrived = async (content: Buffer) => {
      const memory = new MemoryUploads();
      memory.arrive(uploadKey("ana", id), content, "image/jpeg", ownerMark("ana"));
      const status = await uploadStatus({ uploads: memory, pixels }, ana, id);
      expect(memory.read).toBeGreaterThanOrEqual(content.length);
      return status;
    };
    const film = Buffer.alloc(2_000_000);

    expect(await arrived(Buffer.concat([jpeg, film]))).toMatchObject({ status: "uploaded", width: 900 });
    expect(await arrived(Buffer.concat([jpeg.subarray(0, -2), film]))).toMatchObject({
      status: "rejected",
      reason: "truncated",
    });
  });

  it.each([
    ["a JPEG whose segments lead nowhere", Buffer.of(0xff, 0xd8, 0xff, 0xe0), "truncated"],
    ["no picture", Buffer.from("not a picture"), "not_an_image"],
  ])("is not read behind its first MiB where that tells no size: %s", async (_, begin, reason) => {
    const memory = new MemoryUploads();
    const content = Buffer.concat([begin, Buffer.alloc(3_000_000)]);
    memory.arrive(uploadKey("ana", ID), content, "image/jpeg", ownerMark("ana"));

    expect(await uploadStatus({ uploads: memory, pixels }, ana, ID)).toMatchObject({ reason });
    expect(memory.read).toBe(1024 * 1024);
  });

  it.each([
    ["a text file that is called .jpg", Buffer.from("not a picture"), "image/jpeg", "not_an_image"],
    ["a picture that is cut", png.subarray(0, -20), "image/png", "truncated"],
    ["50 megapixels", blackPng(8192, 6144), "image/png", "too_many_pixels"],
    ["another type", png, "image/jpeg", "type_mismatch"],
  ])("%s is rejected, with the reason", async (_, content, type, reason) => {
    const memory = new MemoryUploads();
    memory.arrive(uploadKey("ana", ID), content, type, ownerMark("ana"));

    expect(await uploadStatus({ uploads: memory, pixels }, ana, ID)).toMatchObject({
      status: "rejected",
      reason,
      content_type: null,
      bytes: content.length,
    });
  });

  it("is nobody else's: not another person's, not another program's in the same folder, not what has no mark", async () => {
    const memory = new MemoryUploads();
    memory.arrive(uploadKey("ana", ID), png, "image/png", ownerMark("ana"));
    memory.arrive(uploadKey("anonymous", ID), png, "image/png", ownerMark("shop-client"));
    const of = (caller: Caller) => uploadStatus({ uploads: memory, pixels }, caller, ID);

    expect((await of(ana))?.status).toBe("uploaded");
    expect((await of(shop))?.status).toBe("uploaded");
    expect(await of({ subject: "ben", person: true })).toBeUndefined();
    expect(await of({ subject: "other-client", person: false })).toBeUndefined();
    memory.arrive(uploadKey("anonymous", ID), png, "image/png", undefined);
    expect(await of(shop)).toBeUndefined();
    expect(await uploadStatus({ uploads, pixels }, { subject: "ben", person: true }, ID)).toBeUndefined();
  });
});

it.each([
  "../ana/20261121T154424Z_x.png",
  "%2e%2e%2fana",
  `uploads/ana/${ID}`,
  `${ID}/..`,
  ID.replace(".png", ".gif"),
  ID.toUpperCase(),
  `${ID}\n`,
  "",
])("%j is no upload's id, and no key is made of it", (id) => {
  expect(v.is(UploadId, id)).toBe(false);
});
