import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { withinUser } from "@penstock/dna";
import { directoryObjectStore, InvalidInput, type ObjectStore, type S3Uri } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settings } from "./dna-settings.ts";
import { recordingStore } from "./recording-store.ts";

const USER = "usr_0123456789abcdefghjkmnpqrs";
const OTHER = "usr_zzzzzzzzzzzzzzzzzzzzzzzzzz";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-within-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function listed(store: ObjectStore, prefix: S3Uri): Promise<S3Uri[]> {
  const found: S3Uri[] = [];
  for await (const { uri } of store.list(prefix)) found.push(uri);
  return found;
}

const calls: readonly [string, (store: ObjectStore, uri: S3Uri) => Promise<unknown>][] = [
  ["head", (store, uri) => store.head(uri)],
  ["range", (store, uri) => store.range(uri, 0, 1)],
  ["download", (store, uri) => store.download(uri, path.join(folder, "down"))],
  ["upload", (store, uri) => store.upload(path.join(folder, "up"), uri)],
  ["putJson", (store, uri) => store.putJson(uri, {})],
  ["getJson", (store, uri) => store.getJson(uri)],
  ["list", (store, uri) => listed(store, uri)],
  ["remove", (store, uri) => store.remove(uri)],
];

const elsewhere: readonly S3Uri[] = [
  `s3://dna-data/${OTHER}/stage1/a.csv`,
  `s3://dna-work/${OTHER}/`,
  `s3://raw/${USER}/stage1/a.csv`,
  `s3://dna-data/${USER}`,
  `s3://dna-data/${USER}x/a`,
  `s3://dna-data/${USER}/../${OTHER}/a`,
  `s3://dna-data/${USER}/stage1/./a`,
  "s3://dna-data/",
];

describe.each(calls)("%s", (_, call) => {
  test.each(elsewhere)("does not reach %s, and does not repeat it", async (uri) => {
    const { store, read, written, removed } = recordingStore(directoryObjectStore(folder));

    const refused = call(withinUser(store, settings, USER), uri);

    await expect(refused).rejects.toBeInstanceOf(InvalidInput);
    await expect(refused).rejects.toThrow(expect.not.stringContaining(OTHER));
    expect([...read, ...written, ...removed]).toEqual([]);
  });
});

test("what is the person's own is read and written as ever", async () => {
  const store = withinUser(directoryObjectStore(folder), settings, USER);
  const uri: S3Uri = `s3://dna-data/${USER}/stage2/a..b.csv.json`;

  await store.putJson(uri, { own: true }, { replaces: null });

  expect(await store.getJson(uri)).toEqual({ own: true });
  expect(await listed(store, `s3://dna-data/${USER}/`)).toEqual([uri]);
  await expect(store.putJson(uri, {}, { replaces: null })).rejects.toMatchObject({ name: "ObjectChanged" });
});
