import { DetectLabelsCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let client: RekognitionClient;

/** Puts an object, and lets Rekognition look at it; what it fails with, where it fails. */
async function labels(bytes: Uint8Array, more: object = {}) {
  await clientsOf(cloud.endpoint).s3.send(
    new PutObjectCommand({ Bucket: "pictures", Key: "picture", Body: bytes }),
  );
  return detect({ Image: { S3Object: { Bucket: "pictures", Name: "picture" } }, ...more });
}

async function detect(input: ConstructorParameters<typeof DetectLabelsCommand>[0]) {
  try {
    const { Labels = [], LabelModelVersion } = await client.send(new DetectLabelsCommand(input));
    return { names: Labels.map(({ Name }) => Name), Labels, LabelModelVersion, error: undefined };
  } catch (error) {
    return { names: [], Labels: [], LabelModelVersion: undefined, error };
  }
}

const canvas = (
  width: number,
  height: number,
  background: string | { r: number; g: number; b: number; alpha: number },
) => sharp({ create: { width, height, channels: 4, background } });

/** A red disc with nothing around it. */
const disc = () =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><circle cx="100" cy="100" r="60" fill="#c00"/></svg>',
    ),
  )
    .png()
    .toBuffer();

beforeAll(async () => {
  cloud = await bootCloud(graph.graphOf([graph.bucket("pictures")]), { root: graph.root });
  client = new RekognitionClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await cloud.close();
});

describe("DetectLabels says what the pixels tell, and nothing else", () => {
  test("of a thing that is cut out: its colour, not the black that is under what cannot be seen", async () => {
    const { names, Labels, LabelModelVersion } = await labels(await disc());

    expect(names).toContain("Red");
    expect(names).toContain("Cut Out");
    expect(names).not.toContain("Black");
    expect(LabelModelVersion).toBe("penstock-offline-pixel-statistics");
    expect(Labels[0]).toEqual({
      Name: expect.any(String),
      Confidence: expect.any(Number),
      Instances: [],
      Parents: [],
      Aliases: [],
      Categories: [{ Name: "Colors and Visual Composition" }],
    });
  });

  test.each([
    ["dark and plain", { r: 20, g: 20, b: 25 }, 120, 120, ["Black", "Dark", "Plain Background"]],
    ["bright and plain", { r: 250, g: 250, b: 250 }, 120, 120, ["Bright", "Plain Background", "White"]],
    ["wide", { r: 90, g: 150, b: 240 }, 300, 90, ["Banner", "Blue", "Plain Background"]],
  ])("of a picture that is %s", async (_, colour, width, height, expected) => {
    const { names } = await labels(
      await canvas(width, height, { ...colour, alpha: 1 })
        .jpeg()
        .toBuffer(),
    );

    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  test("of noise: that it is rough, and that its edges are not plain", async () => {
    const noise = sharp({
      create: {
        width: 128,
        height: 128,
        channels: 3,
        background: "#888",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    });

    const { names } = await labels(await noise.png().toBuffer());

    expect(names).toContain("Texture");
    expect(names).not.toContain("Plain Background");
  });

  test("as many as are wanted, the surest first, and none below what is wanted", async () => {
    const picture = await disc();

    const all = await labels(picture);
    const some = await labels(picture, { MaxLabels: 1 });
    const sure = await labels(picture, { MinConfidence: 99 });

    const confidences = all.Labels.map(({ Confidence = 0 }) => Confidence);
    expect(confidences).toEqual(confidences.toSorted((left, right) => right - left));
    expect(confidences.every((each) => each >= 75 && each <= 99.9)).toBe(true);
    expect(some.names).toEqual(all.names.slice(0, 1));
    expect(sure.names).toEqual(all.names.filter((_, at) => (confidences[at] ?? 0) >= 99));
  });
});

describe("DetectLabels refuses", () => {
  test("an object that is not there", async () => {
    const { error } = await detect({ Image: { S3Object: { Bucket: "pictures", Name: "nothing" } } });

    expect(error).toMatchObject({
      name: "InvalidS3ObjectException",
      message: expect.stringContaining("Check object key, region and/or access permissions"),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
    ["a text", () => Buffer.from("I am a picture, believe me"), "InvalidImageFormatException"],
    ["nothing", () => new Uint8Array(), "InvalidImageFormatException"],
    ["another format", () => canvas(100, 100, "#f00").webp().toBuffer(), "InvalidImageFormatException"],
    [
      "a PNG whose middle is broken",
      async () => {
        const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
        const png = await sharp({
          create: { width: 100, height: 100, channels: 3, background: "#888", noise },
        })
          .png()
          .toBuffer();
        return png.fill(0, png.length >> 1, (png.length >> 1) + 500);
      },
      "InvalidImageFormatException",
    ],
    ["a side of 79 pixels", () => canvas(79, 200, "#f00").png().toBuffer(), "InvalidParameterException"],
    ["a side of 10,001 pixels", () => canvas(10_001, 80, "#f00").png().toBuffer(), "ImageTooLargeException"],
    ["more than 15 MB", () => Buffer.alloc(15_000_001), "ImageTooLargeException"],
  ])("%s", async (_, bytes, name) => {
    expect((await labels(await bytes())).error).toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  test("a percentage above 100", async () => {
    expect((await labels(await disc(), { MinConfidence: 101 })).error).toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test.each<[string, object]>([
    ["features of the picture", { Features: ["IMAGE_PROPERTIES"] }],
    ["filters", { Settings: { GeneralLabels: { LabelInclusionFilters: ["Cup"] } } }],
    ["bytes in the request", { Image: { Bytes: new Uint8Array(10) } }],
    [
      "a version of the object",
      { Image: { S3Object: { Bucket: "pictures", Name: "picture", Version: "1" } } },
    ],
  ])("%s, as what it does not have", async (_, more) => {
    const { error } = await labels(await disc(), more);

    expect(error).toMatchObject({ name: expect.stringMatching(/NotImplemented|InvalidParameterException/) });
  });
});
