import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chunkKey, DnaDocument, ExportChunk, ExportPlan, exportKey, Personas } from "@penstock/contracts";
import {
  categoriseChunk,
  loadPersonas,
  type ModelPorts,
  type ReadPorts,
  readExport,
  savePersonas,
  updatePersona,
  withinUser,
  writeDocument,
} from "@penstock/dna";
import {
  type DuckSession,
  directoryObjectStore,
  ModelOutputInvalid,
  type ObjectStore,
  openSession,
  type S3Uri,
  s3Uri,
} from "@penstock/runtime";
import { bedrockModel, newBedrockClient, type TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { vi } from "vitest";
import { ConverseServer } from "../runtime/model/converse-server.ts";
import { noted } from "../runtime/model/form.ts";
import { settings } from "./dna-settings.ts";
import type { HostileFile } from "./hostile-files.ts";
import { obeyingModel } from "./obeying-model.ts";
import { type RecordingStore, recordingStore } from "./recording-store.ts";

/** Whose files go through the gate. */
export const user = "usr_00000000000000000000000001";

/** What came of a file, and all that was asked of the store on the way. */
export type Passed = RecordingStore & { readonly document: DnaDocument };

/** The tasks over a folder, with Bedrock's client and a model that obeys behind a socket. */
export class Gate {
  readonly server = new ConverseServer();
  /** Where sockets were opened to. */
  readonly hosts = new Set<string>();
  endpoint = "";
  readonly #root = mkdtempSync(join(tmpdir(), "penstock-gate-"));
  #session: DuckSession | undefined;
  #model: TextModel | undefined;

  async open(): Promise<void> {
    this.#session = await openSession({
      tempDirectory: join(this.#root, "spill"),
      memoryMb: settings.memoryMb,
      threads: 1,
    });
    this.server.say = obeyingModel;
    this.endpoint = await this.server.open();
    vi.stubEnv("AWS_ENDPOINT_URL", this.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    this.#model = bedrockModel(newBedrockClient("us-east-1"), settings.model.modelId, { seconds: 30 });
    const { hosts } = this;
    const connect = net.Socket.prototype.connect;
    vi.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket, ...to) {
      hosts.add(JSON.stringify(to[0]));
      return connect.apply(this, to);
    });
  }

  async close(): Promise<void> {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await Promise.all([this.server.close(), this.#session?.close()]);
    rmSync(this.#root, { recursive: true, force: true });
  }

  /**
   * Runs a file through the tasks as the machine does: a chunk without an answer is reported, and the rest goes on.
   * @param flags false: what reading flags is taken out again, so that nothing is left but the walls behind
   */
  async run(
    { name: file, bytes }: Pick<HostileFile, "name" | "bytes">,
    { flags, of = user }: { readonly flags: boolean; readonly of?: string },
  ): Promise<Passed> {
    const { ports, recording } = this.#ports(of);
    const path = join(this.#root, settings.data, exportKey(of, file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    const input = { run_id: "gate", user: of, file };
    const read = await readExport({ ...input, by_hand: false }, ports);
    if (read.plan === null) throw new Error(`${file} was not read: ${read.state}`);
    if (!flags) await withoutFlags(ports.store, read.plan);
    const { plan } = read;
    const failed: { chunk: number; error: string }[] = [];
    for (const chunk of read.chunks)
      await categoriseChunk({ ...input, plan, chunk }, ports).catch((error: unknown) => {
        if (!(error instanceof ModelOutputInvalid)) throw error;
        failed.push({ chunk, error: error.name });
      });
    const told = await writeDocument({ ...input, plan, failed }, ports);
    return { ...recording, document: v.parse(DnaDocument, await ports.store.getJson(told.document)) };
  }

  /** Builds the personas of all documents that there are. */
  async personas(of: string): Promise<{ personas: Personas } & RecordingStore> {
    const { ports, recording } = this.#ports(of);
    const input = { run_id: "gate", user: of };
    const { plan, types } = await loadPersonas({ ...input, execution: "gate" }, ports);
    for (const type of types) await updatePersona({ ...input, plan, type }, ports);
    const saved = await savePersonas({ ...input, plan, failed: [] }, ports);
    return { ...recording, personas: v.parse(Personas, await ports.store.getJson(saved.personas)) };
  }

  #ports(of: string): { ports: ModelPorts & ReadPorts; recording: RecordingStore } {
    const recording = recordingStore(directoryObjectStore(this.#root));
    const model = this.#model;
    if (model === undefined) throw new Error("the gate is not open");
    const ports = {
      store: withinUser(recording.store, settings, of),
      settings,
      requireActive: async () => {},
      model,
      metrics: noted().metrics,
      openSession: async () => this.#shared(),
    };
    return { ports, recording };
  }

  /** The one session of the gate, which stays open when a task closes its own. */
  #shared(): DuckSession {
    const session = this.#session;
    if (session === undefined) throw new Error("the gate is not open");
    return { ...session, close: async () => {}, [Symbol.asyncDispose]: async () => {} };
  }
}

async function withoutFlags(store: ObjectStore, uri: S3Uri): Promise<void> {
  const plan = v.parse(ExportPlan, await store.getJson(uri));
  await store.putJson(uri, { ...plan, flags: [] });
  for (let number = 0; number < plan.chunks; number += 1) {
    const key = s3Uri(settings.work, chunkKey(plan, number));
    const chunk = v.parse(ExportChunk, await store.getJson(key));
    const sections = chunk.sections.map((section) => ({
      ...section,
      records: section.records.map((record) => ({ ...record, flagged: false })),
    }));
    await store.putJson(key, { ...chunk, sections });
  }
}
