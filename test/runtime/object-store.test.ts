import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  directoryObjectStore,
  InvalidInput,
  newS3Client,
  ObjectMissing,
  type ObjectStore,
  type S3Uri,
  s3ObjectStore,
  s3Uri,
  UnsupportedFile,
} from "@penstock/runtime";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const KEY = "ecommerce/orders-raw/year=2025/pedidos de março (1) + 50%?#&=ü😀.parquet";

let folder: string;
let server: FauxqsServer;
const stores = new Map<string, ObjectStore>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-store-"));
  server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  server.createBucket("raw");
  // The client is made from the standard environment alone, as in a Lambda on the local cloud.
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${server.port}`);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  stores.set("S3", s3ObjectStore(newS3Client()));
  stores.set("a directory", directoryObjectStore(path.join(folder, "objects")));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(["S3", "a directory"])("the object store over %s", (name) => {
  const store = (): ObjectStore => stores.get(name) ?? expect.unreachable();

  async function put(uri: S3Uri, content: Buffer | string): Promise<void> {
    const file = path.join(folder, "to-upload");
    await writeFile(file, content);
    await store().upload(file, uri);
  }

  test("brings back byte for byte what went up, under a key with spaces and any Unicode", async () => {
    const uri = s3Uri("raw", KEY);
    const content = randomBytes(100_000);
    await put(uri, content);

    const target = path.join(folder, "down", "here.bin");
    const downloaded = await store().download(uri, target);

    expect(await readFile(target)).toEqual(content);
    expect(downloaded).toEqual(await store().head(uri));
    expect(downloaded).toMatchObject({
      uri,
      bytes: 100_000,
      etag: createHash("md5").update(content).digest("hex"),
    });
    expect(downloaded.lastModified).toBeInstanceOf(Date);
  });

  test("uploads more than one part", async () => {
    const uri = s3Uri("raw", "large.bin");
    const content = randomBytes(18 * 1024 * 1024);
    await put(uri, content);

    const target = path.join(folder, "large.bin");
    const { bytes } = await store().download(uri, target);

    expect(bytes).toBe(content.length);
    expect((await readFile(target)).equals(content)).toBe(true);
  });

  test("stores an empty object", async () => {
    const uri = s3Uri("raw", "empty.bin");
    await put(uri, "");

    const target = path.join(folder, "empty.bin");
    await store().download(uri, target);

    expect(await readFile(target)).toHaveLength(0);
    expect(await store().head(uri)).toMatchObject({ bytes: 0 });
  });

  test("reads a range up to but without its end, and less when the object ends before", async () => {
    const uri = s3Uri("raw", "ranged.txt");
    await put(uri, "0123456789");

    const text = async (start: number, end: number) =>
      Buffer.from(await store().range(uri, start, end)).toString();

    expect(await text(0, 4)).toBe("0123");
    expect(await text(6, 10)).toBe("6789");
    expect(await text(8, 100)).toBe("89");
    expect(await text(3, 3)).toBe("");
  });

  test("replaces an object whole", async () => {
    const uri = s3Uri("raw", "replaced.txt");
    await put(uri, "the first, longer content");
    await put(uri, "second");

    expect(Buffer.from(await store().range(uri, 0, 100)).toString()).toBe("second");
  });

  test("writes equal values as equal bytes of JSON, counts of the engine included", async () => {
    const uri = s3Uri("raw", "metrics.json");

    await store().putJson(uri, { rows: 3n, note: "é", none: null });

    expect(await store().getJson(uri)).toEqual({ rows: 3, note: "é", none: null });
    expect(Buffer.from(await store().range(uri, 0, 1000)).toString()).toBe(
      '{\n  "rows": 3,\n  "note": "é",\n  "none": null\n}\n',
    );
  });

  test("says that an object is no JSON without quoting it", async () => {
    const uri = s3Uri("raw", "no.json");
    await put(uri, "card 4111111111111111");

    const failed = store().getJson(uri);

    await expect(failed).rejects.toThrow(UnsupportedFile);
    await expect(failed).rejects.toThrow(expect.not.stringContaining("4111"));
  });

  test("lists what starts with a prefix, and nothing else", async () => {
    const keys = ["listed/a b.txt", "listed/a/1.txt", "listed/ä.txt", "listed-not/x.txt"];
    for (const key of keys) await put(s3Uri("raw", key), key);

    const found = new Map<string, number>();
    for await (const { uri, bytes } of store().list(s3Uri("raw", "listed/"))) found.set(uri, bytes);

    const expected = keys.slice(0, 3).map((key) => [s3Uri("raw", key), Buffer.byteLength(key)] as const);
    expect(found).toEqual(new Map(expected));
  });

  test("lists more than a page of objects", async () => {
    const content = path.join(folder, "page");
    await writeFile(content, "x");
    for (let first = 0; first < 1005; first += 15) {
      const some = Array.from({ length: 15 }, (_, index) => s3Uri("raw", `pages/${first + index}`));
      await Promise.all(some.map((uri) => store().upload(content, uri)));
    }

    let count = 0;
    for await (const _ of store().list(s3Uri("raw", "pages/"))) count += 1;

    expect(count).toBe(1005);
  });

  test("removes an object, and does not mind one that is not there", async () => {
    const uri = s3Uri("raw", "removed.txt");
    await put(uri, "x");

    await store().remove(uri);
    await store().remove(uri);

    expect(await store().head(uri)).toBeUndefined();
  });

  test("says ObjectMissing for whatever reads an object that is not there", async () => {
    const uri = s3Uri("raw", "deleted between event and read.parquet");

    expect(await store().head(uri)).toBeUndefined();
    await expect(store().range(uri, 0, 10)).rejects.toThrow(ObjectMissing);
    await expect(store().download(uri, path.join(folder, "x"))).rejects.toThrow(ObjectMissing);
    await expect(store().getJson(uri)).rejects.toThrow(ObjectMissing);
  });
});

describe("the object store over S3", () => {
  test("says UpstreamUnavailable when nothing answers", async () => {
    // Nothing listens on port 1, and no process of this machine can get it meanwhile.
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");

    const failed = s3ObjectStore(newS3Client()).head(s3Uri("raw", "key"));

    await expect(failed).rejects.toMatchObject({ name: "UpstreamUnavailable" });
  });
});

describe("the object store over a directory", () => {
  test("refuses a key that would leave its folder", async () => {
    await expect(stores.get("a directory")?.head(s3Uri("raw", "../../etc/passwd"))).rejects.toThrow(
      InvalidInput,
    );
  });

  test("leaves no unfinished file behind when it cannot read what it should upload", async () => {
    const store = stores.get("a directory");

    await expect(store?.upload(path.join(folder, "nowhere"), s3Uri("fresh", "a/b"))).rejects.toThrow();

    expect(await readdir(path.join(folder, "objects", "fresh", "a"))).toEqual([]);
  });
});
