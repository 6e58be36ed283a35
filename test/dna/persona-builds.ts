import { type DnaDocument, documentKey, Personas, personasKey } from "@penstock/contracts";
import { loadPersonas, type ModelPorts, savePersonas, updatePersona, withinUser } from "@penstock/dna";
import { PersonGone, s3Uri } from "@penstock/runtime";
import type { ModelReply, ModelRequest } from "@penstock/runtime/model";
import * as v from "valibot";
import { repeating } from "./describing-model.ts";
import { USER } from "./dna-fixture.ts";
import { settings } from "./dna-settings.ts";
import { memoryStore } from "./memory-store.ts";

export const PERSONAS = s3Uri(settings.data, personasKey(USER));

/** One person's documents in memory, and builds of their personas. */
export function personaBuilds(say: (request: ModelRequest) => ModelReply | Error = repeating) {
  const memory = memoryStore();
  const store = withinUser(memory.store, settings, USER);
  const asked: ModelRequest[] = [];
  const gone = new Set<string>();
  const ports: ModelPorts = {
    store,
    settings,
    requireActive: async (user) => {
      if (gone.has(user)) throw new PersonGone("gone");
    },
    model: {
      async complete(request) {
        asked.push(request);
        const said = say(request);
        if (said instanceof Error) throw said;
        return said;
      },
    },
    metrics: { addMetric: () => undefined },
  };
  const input = { run_id: "run", user: USER };
  const load = () => loadPersonas({ ...input, execution: "arn:aws:states:::execution:dna:run" }, ports);
  const save = (plan: Awaited<ReturnType<typeof load>>["plan"], failed: Failed[] = []) =>
    savePersonas({ ...input, plan, failed }, ports);
  return {
    memory,
    store,
    ports,
    asked,
    gone,
    load,
    update: (plan: Awaited<ReturnType<typeof load>>["plan"], type: Failed["type"]) =>
      updatePersona({ ...input, plan, type }, ports),
    save,
    /** Writes documents, as Merge does. */
    async write(...documents: readonly DnaDocument[]) {
      for (const document of documents)
        await store.putJson(s3Uri(settings.data, documentKey(USER, document.file)), document);
    },
    /** A build as the machine makes it: a type whose call fails is reported. */
    async build() {
      const { plan, types, ...counts } = await load();
      const failed: Failed[] = [];
      for (const type of types)
        await updatePersona({ ...input, plan, type }, ports).catch((error: Error) =>
          failed.push({ type, error: error.name }),
        );
      return { ...counts, types, ...(await save(plan, failed)) };
    },
    bytes: () => memory.objects.get(PERSONAS),
    personas: () => v.parse(Personas, JSON.parse(memory.objects.get(PERSONAS) ?? "null")),
  };
}

interface Failed {
  readonly type: "financial" | "social" | "professional" | "entertainment";
  readonly error: string;
}
