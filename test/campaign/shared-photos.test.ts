import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RekognitionClient } from "@aws-sdk/client-rekognition";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeImage } from "../../packages/assets/src/uploads/judge-image.ts";
import { labelsOf } from "../../packages/campaign/src/analyse/labels-of.ts";
import { rekognitionDetector } from "../../packages/campaign/src/tasks/rekognition-detector.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

const folder = fileURLToPath(new URL("../../../shared/data/product_images", import.meta.url));
// In a pipeline the photos have to be there; on a clone without them there is nothing to look at.
const absent = !existsSync(folder) && !process.env.CI;

/** Rekognition's limits, as the settings have them. */
const pixels: Parameters<typeof judgeImage>[2] = { side: [80, 10_000], most: 40_000_000 };

describe.skipIf(absent)(
  `the photos of products${absent ? " (skipped: ../shared/data/product_images is not there)" : ""}`,
  () => {
    let cloud: Cloud;
    let rekognition: RekognitionClient;
    const found = new Map<string, { readonly judged: object; readonly names: readonly string[] }>();

    beforeAll(async () => {
      cloud = await bootCloud(graph.graphOf([graph.bucket("pictures")]), { root: graph.root });
      const { s3 } = clientsOf(cloud.endpoint);
      rekognition = new RekognitionClient({
        endpoint: cloud.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      });
      const detector = rekognitionDetector(rekognition);
      for (const file of await readdir(folder)) {
        const bytes = await readFile(join(folder, file));
        const type = file.endsWith(".png") ? "image/png" : "image/jpeg";
        await s3.send(new PutObjectCommand({ Bucket: "pictures", Key: file, Body: bytes }));
        const { labels } = await detector.detect(
          { bucket: "pictures", key: file },
          { most: 50, confidence: 75 },
        );
        found.set(file, {
          judged: judgeImage({ head: bytes }, type, pixels),
          names: labelsOf(labels).map(({ name }) => name),
        });
      }
    });
    afterAll(async () => {
      rekognition.destroy();
      await cloud.close();
    });

    const files = (fits: (file: string) => boolean) =>
      [...found.keys()].filter(fits).map((file) => found.get(file)?.names);

    it("are all accepted, and something is seen in each of them", () => {
      expect(found.size).toBe(9);
      for (const { judged, names } of found.values()) {
        expect(judged).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
        expect(names.length).toBeGreaterThan(1);
      }
    });

    it("are labelled by what their pixels tell", () => {
      expect(found.get("hoodie_black.png")?.names).toEqual(expect.arrayContaining(["Black", "Dark"]));
      expect(found.get("cap_red.png")?.names).toContain("Red");
    });

    it("are cut out where they are PNGs, and banners where they are wide", () => {
      const cutOut = files((file) => file.endsWith(".png"));
      const banners = files((file) => file.includes("banner"));

      expect(cutOut).toHaveLength(6);
      for (const names of cutOut) expect(names).toContain("Cut Out");
      expect(banners).toHaveLength(2);
      for (const names of banners) expect(names).toContain("Banner");
    });
  },
);
