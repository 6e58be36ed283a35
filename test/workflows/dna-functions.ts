import { createHash } from "node:crypto";
import { chunkKey, type ExportChunk, ExportPlan, exportKey, planKey } from "@penstock/contracts";
import {
  CategoriseChunkInput,
  categoriseChunk,
  isCurrent,
  LoadPersonasInput,
  loadPersonas,
  type ModelPorts,
  ReadExportInput,
  SavePersonasInput,
  savePersonas,
  storedDocument,
  UpdatePersonaInput,
  updatePersona,
  WriteDocumentInput,
  withinUser,
  writeDocument,
} from "@penstock/dna";
import { ObjectMissing, type ObjectStore, s3Uri } from "@penstock/runtime";
import type { ModelReply, ModelRequest } from "@penstock/runtime/model";
import * as v from "valibot";
import { repeating } from "../dna/describing-model.ts";
import { settings } from "../dna/dna-settings.ts";

/** What the functions of Digital DNA work with here. */
export interface DnaParts {
  readonly store: ObjectStore;
  readonly model: ModelPorts["model"];
}

/**
 * The functions that the machine calls for files and personas, by the names that it has for them here. They are the domain's own
 * but for reading, which takes a file's lines for records: `financial account Chase`.
 */
export const dnaFunctions: Readonly<Record<string, (payload: unknown, parts: DnaParts) => Promise<object>>> =
  {
    ReadExport: async (payload, parts) => {
      const input = v.parse(ReadExportInput, payload);
      return readLines(input, portsOf(input, parts));
    },
    CategoriseChunk: async (payload, parts) => {
      const input = v.parse(CategoriseChunkInput, payload);
      return categoriseChunk(input, portsOf(input, parts));
    },
    WriteDocument: async (payload, parts) => {
      const input = v.parse(WriteDocumentInput, payload);
      return writeDocument(input, portsOf(input, parts));
    },
    LoadPersonas: async (payload, parts) => {
      const input = v.parse(LoadPersonasInput, payload);
      return loadPersonas(input, portsOf(input, parts));
    },
    UpdatePersona: async (payload, parts) => {
      const input = v.parse(UpdatePersonaInput, payload);
      return updatePersona(input, portsOf(input, parts));
    },
    SavePersonas: async (payload, parts) => {
      const input = v.parse(SavePersonasInput, payload);
      return savePersonas(input, portsOf(input, parts));
    },
  };

function portsOf({ user }: { readonly user: string }, { store, model }: DnaParts): ModelPorts {
  return {
    store: withinUser(store, settings, user),
    settings,
    model,
    metrics: { addMetric: () => undefined },
    requireActive: async () => {},
  };
}

async function readLines(
  { user, file, by_hand }: ReadExportInput,
  { store }: Pick<ModelPorts, "store">,
): Promise<object> {
  const uri = s3Uri(settings.data, exportKey(user, file));
  const found = await store.head(uri);
  if (found === undefined) throw new ObjectMissing(`${uri} is not there`);
  const { etag, bytes, lastModified } = found;
  const reading = createHash("sha256").update(`${file} ${etag}`).digest("hex").slice(0, 16);
  const facts = { etag, bytes, seen: lastModified.toISOString(), left_out: 0, reason: null };
  const { document } = await storedDocument(store, settings, { user, file });
  const asked = { reading, byHand: by_hand };
  if (isCurrent(document, asked)) return { state: "current", ...facts, chunks: [], plan: null };
  const texts: unknown = await store.getJson(uri);
  const chunk: ExportChunk = {
    chunk: 0,
    sections: [{ member: null, path: null, header: null, records: v.parse(Lines, texts).map(recordOf) }],
    tokens: 100,
  };
  await store.putJson(s3Uri(settings.work, chunkKey({ user, reading }, 0)), chunk);
  const plan = s3Uri(settings.work, planKey({ user, ...asked }));
  await store.putJson(plan, planOf(user, file, reading, facts));
  return { state: "ready", ...facts, chunks: [0], plan };
}

const Lines = v.array(v.string());

function recordOf(text: string, at: number) {
  return { label: `r${at + 1}`, row: at + 1, offset: null, text, flagged: false };
}

function planOf(
  user: string,
  file: string,
  reading: string,
  { etag, bytes, seen }: { readonly etag: string; readonly bytes: number; readonly seen: string },
): ExportPlan {
  const repairs = {
    double_encoded: 0,
    other_encoding_lines: 0,
    broken_quotes: 0,
    ragged_rows: 0,
    bad_lines: 0,
  };
  return v.parse(ExportPlan, {
    contract: 1,
    user,
    file,
    reading,
    state: "ready",
    reason: null,
    facts: {
      bytes,
      etag,
      sha256: "0".repeat(64),
      arrived_at: seen,
      format: "text",
      encoding: "utf-8",
      records: 1,
      columns: 0,
      dialect: null,
      members: [],
      repairs,
    },
    masked: { cards: 0, national_ids: 0, emails: 0 },
    flags: [],
    chunks: 1,
    left_out: 0,
    prompt: "categorise@1",
    model: settings.model.modelId,
  });
}

/** What a model says to both kinds of questions: the same to the same. */
export function answering(request: ModelRequest): ModelReply {
  if (request.answer?.name === "describe_persona") return repeating(request);
  const lines = (request.messages[0]?.text ?? "").split("\n").filter((line) => line.startsWith('"r'));
  const items = lines.flatMap((line) => {
    const [, label, category, kind, what] = /^(r\d+) (\w+) (\w+) (.*)$/.exec(String(JSON.parse(line))) ?? [];
    return what === undefined ? [] : [{ category, kind, what, label, quote: what, confidence: 0.9 }];
  });
  const usage = { inputTokens: 500, outputTokens: 100 };
  return { text: JSON.stringify({ items }), model: "answering", offline: true, usage };
}
