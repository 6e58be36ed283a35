import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DnaDocument, documentKey, exportKey, Personas, personasKey, type UserId } from "@penstock/contracts";
import { categoriseChunk, type ModelPorts, withinUser, writeDocument } from "@penstock/dna";
import { directoryObjectStore, openSession, s3Uri } from "@penstock/runtime";
import type { TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { loadPersonas } from "../../packages/dna/src/personas/load-personas.ts";
import { savePersonas } from "../../packages/dna/src/personas/save-personas.ts";
import { updatePersona } from "../../packages/dna/src/personas/update-persona.ts";
import { readExport } from "../../packages/dna/src/reading/read-export.ts";
import { offlineModel } from "../../packages/local/src/cloud/bedrock/offline/local-model.ts";
import { settings } from "./dna-settings.ts";

const USER: UserId = "usr_0123456789abcdefghjkmnpqrs";

/** The local cloud's model, asked without its cloud. */
const model: TextModel = {
  async complete({ system, messages, maxTokens, temperature, answer }) {
    const form = answer && { ...answer, schema: { ...answer.schema } };
    const { text, inputTokens, outputTokens } = await offlineModel.reply({
      system,
      turns: messages,
      maxTokens,
      temperature,
      topP: undefined,
      stopSequences: undefined,
      form,
    });
    return { text, model: offlineModel.name, offline: true, usage: { inputTokens, outputTokens } };
  },
};

/** One person whose exports go through the real tasks, one after another, with the local cloud's rules as the model. */
export interface OfflineRun extends AsyncDisposable {
  /** Uploads a file and lets it be read, categorised and written. */
  process(file: string, bytes: Uint8Array): Promise<DnaDocument>;
  personas(): Promise<Personas>;
}

export async function offlineRun(): Promise<OfflineRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-offline-"));
  const store = withinUser(directoryObjectStore(path.join(folder, "objects")), settings, USER);
  const ports: ModelPorts = {
    store,
    settings,
    model,
    metrics: { addMetric: () => undefined },
    requireActive: async () => undefined,
  };
  const session = (tempDirectory: string) => openSession({ memoryMb: 512, threads: 1, tempDirectory });
  return {
    async process(file, bytes) {
      const input = { run_id: "r", user: USER, file };
      await writeFile(path.join(folder, "upload"), bytes);
      await store.upload(path.join(folder, "upload"), s3Uri(settings.data, exportKey(USER, file)));
      const { plan, chunks } = await readExport(
        { ...input, by_hand: false },
        { ...ports, openSession: session },
      );
      if (plan === null) throw new Error(`${file} has no plan`);
      for (const chunk of chunks) await categoriseChunk({ ...input, plan, chunk }, ports);
      await writeDocument({ ...input, plan, failed: [] }, ports);
      return v.parse(DnaDocument, await store.getJson(s3Uri(settings.data, documentKey(USER, file))));
    },
    async personas() {
      const input = { run_id: "r", user: USER };
      const { plan, types } = await loadPersonas({ ...input, execution: "an execution" }, ports);
      for (const type of types) await updatePersona({ ...input, plan, type }, ports);
      await savePersonas({ ...input, plan, failed: [] }, ports);
      return v.parse(Personas, await store.getJson(s3Uri(settings.data, personasKey(USER))));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
