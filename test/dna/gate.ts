import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DnaDocument, exportKey } from "@penstock/contracts";
import { categoriseChunk, type ModelPorts, withinUser, writeDocument } from "@penstock/dna";
import { directoryObjectStore, ModelOutputInvalid } from "@penstock/runtime";
import { bedrockModel, newBedrockClient } from "@penstock/runtime/model";
import * as v from "valibot";
import { vi } from "vitest";
import { ConverseServer } from "../runtime/model/converse-server.ts";
import { noted } from "../runtime/model/form.ts";
import { bareReading, type Reading } from "./bare-reading.ts";
import { settings } from "./dna-settings.ts";
import type { HostileFile } from "./hostile-files.ts";
import { obeyingModel } from "./obeying-model.ts";
import { recordingStore } from "./recording-store.ts";

/** Whose files go through the gate. */
export const user = "usr_00000000000000000000000001";

/** What came of a file, and all that was asked of the store on the way. */
export type Passed = Awaited<ReturnType<Gate["run"]>>;

/** The tasks over a folder, with Bedrock's client and a model that obeys behind a socket. */
export class Gate {
  readonly server = new ConverseServer();
  /** Where sockets were opened to. */
  readonly hosts = new Set<string>();
  readonly #root = mkdtempSync(join(tmpdir(), "penstock-gate-"));
  endpoint = "";

  async open(): Promise<void> {
    this.server.say = obeyingModel;
    this.endpoint = await this.server.open();
    vi.stubEnv("AWS_ENDPOINT_URL", this.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
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
    await this.server.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Runs a file through the tasks as the machine does: a chunk without an answer is reported, and the rest goes on. */
  async run(file: HostileFile, reading: Reading) {
    const recording = recordingStore(directoryObjectStore(this.#root));
    const store = withinUser(recording.store, settings, user);
    const ports = this.#ports(store);
    const path = join(this.#root, settings.data, exportKey(user, file.name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.bytes);
    const plan = await bareReading(file, user, settings, store, reading);
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
    return { ...recording, document };
  }

  #ports(store: ModelPorts["store"]): ModelPorts {
    const model = bedrockModel(newBedrockClient("us-east-1"), settings.model.modelId, { seconds: 30 });
    return { store, settings, requireActive: async () => {}, model, metrics: noted().metrics };
  }
}
