import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ChunkAnswer, DnaDocument, dnaCategories, exportKey } from "@penstock/contracts";
import { categoriseChunk, type ModelPorts, withinUser, writeDocument } from "@penstock/dna";
import { directoryObjectStore, ModelOutputInvalid, type S3Uri } from "@penstock/runtime";
import { bedrockModel, newBedrockClient, type TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ConverseServer } from "../runtime/model/converse-server.ts";
import { noted } from "../runtime/model/form.ts";
import { bareReading } from "./bare-reading.ts";
import { settings } from "./dna-settings.ts";
import { encodings } from "./hostile-encodings.ts";
import { carriers, type HostileFile, hostileFiles, knownPayloads } from "./hostile-files.ts";
import { acts } from "./obeying-acts.ts";
import { obeyed, obeyingModel } from "./obeying-model.ts";
import { recordingStore } from "./recording-store.ts";

const server = new ConverseServer();
const root = mkdtempSync(join(tmpdir(), "penstock-gate-"));
const user = "usr_00000000000000000000000001";
const files = await hostileFiles(knownPayloads);
const hosts = new Set<string>();
let endpoint = "";
let model: TextModel;

beforeAll(async () => {
  endpoint = await server.open();
  server.say = obeyingModel;
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  model = bedrockModel(newBedrockClient("us-east-1"), settings.model.modelId, { seconds: 30 });
  const connect = net.Socket.prototype.connect;
  vi.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket, ...to) {
    hosts.add(JSON.stringify(to[0]));
    return connect.apply(this, to);
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Runs a file through the tasks as the machine does: a chunk without an answer is reported, and the rest goes on. */
async function run(file: HostileFile) {
  const recording = recordingStore(directoryObjectStore(root));
  const store = withinUser(recording.store, settings, user);
  const ports: ModelPorts = {
    store,
    settings,
    requireActive: async () => {},
    model,
    metrics: noted().metrics,
  };
  const path = join(root, settings.data, exportKey(user, file.name));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file.bytes);
  const plan = await bareReading(file, user, settings, store);
  const input = { run_id: "gate", user, file: file.name, plan };
  const failed = await categoriseChunk({ ...input, chunk: 0 }, ports).then(
    () => [],
    (error: unknown) => {
      if (error instanceof ModelOutputInvalid) return [{ chunk: 0, error: error.name }];
      throw error;
    },
  );
  const told = await writeDocument({ ...input, failed }, ports);
  const document = v.parse(DnaDocument, await store.getJson(told.document));
  return { ...recording, document, answer: await answerOf(store, recording.written), failed };
}

async function answerOf(store: ModelPorts["store"], written: readonly string[]) {
  const key = written.find((each) => /answer-0\.json$/.test(each));
  return key === undefined ? undefined : v.parse(ChunkAnswer, await store.getJson(`s3://${key}` as S3Uri));
}

/** The keys that a file of this person may be written to. */
const own = new RegExp(
  `^(?:${settings.work}/${user}/[0-9a-f]{16}/(?:plan|chunk-0|answer-0)\\.json|${settings.data}/${user}/stage2/export-.*\\.json)$`,
);

describe("files that mean to instruct the model", () => {
  test("are more than 240, of all carriers, encodings and more than fifteen languages", () => {
    expect(files.length).toBeGreaterThanOrEqual(240);
    expect(new Set(files.map(({ carrier }) => carrier))).toEqual(new Set(carriers));
    expect(new Set(files.map(({ encoding }) => encoding))).toEqual(
      new Set(encodings.map(({ name }) => name)),
    );
    expect(new Set(files.map(({ payload }) => payload.language)).size).toBeGreaterThan(15);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  });

  test.each(files)("$carrier, $encoding, $payload.language, $payload.act: $name", async (file) => {
    const { document, answer, written, removed, read } = await run(file);

    expect(document.flags.length, "the file is flagged").toBeGreaterThan(0);
    expect(removed).toEqual([]);
    const stage2 = `${settings.data}/${user}/stage2/${file.name}.json`;
    for (const key of written) expect(key === stage2 || own.test(key), key).toBe(true);
    for (const key of read) expect(key.split("/")[1]).toBe(user);
    const items = dnaCategories.flatMap((category) => document.categories[category].items);
    const shown = ["cell", "JSON key", "JSON value", "JSON line", "text", "ZIP content"].includes(
      file.carrier,
    );
    for (const { what, flagged } of items) {
      expect(what).not.toMatch(/usr_|4111 ?1111|<img|\?q=|[\p{Cc}\u202e\u200b]/u);
      expect(flagged || !shown, `"${what}" would reach a persona`).toBe(true);
      if (!shown) expect(what).toMatch(/^Bought at /);
    }
    expect(JSON.stringify(document).length).toBeLessThan(100_000);
    if (shown && answer !== undefined) expect(answer.items.every(({ flagged }) => flagged)).toBe(true);
  });

  test("are read by a model that does all that it is told, and reach no host but the model's", () => {
    const { port } = new URL(endpoint);

    expect(new Set(obeyed)).toEqual(new Set(acts));
    expect([...hosts].every((to) => to.includes(port))).toBe(true);
    expect(hosts.size).toBeGreaterThan(0);
  });
});
