import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chunkKey, type ExportChunk, ExportPlan, exportKey, planKey, type UserId } from "@penstock/contracts";
import { type ModelPorts, withinUser } from "@penstock/dna";
import { directoryObjectStore, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import type { ModelRequest, TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { settings } from "./dna-settings.ts";

export const USER: UserId = "usr_0123456789abcdefghjkmnpqrs";
export const FILE = "netflix/ViewingActivity.csv";

/** An item as a model answers it. */
export interface SaidItem {
  readonly category: string;
  readonly kind: string;
  readonly what: string;
  readonly label: string;
  readonly quote: string;
  readonly confidence: number;
}

export const viewing = (label: string, what: string): SaidItem => ({
  category: "entertainment",
  kind: "viewing",
  what: `Watched ${what}`,
  label,
  quote: what,
  confidence: 0.9,
});

/** A chunk of one section, a record for each text: rows from 1 on. */
export function chunkOf(chunk: number, texts: readonly string[], flagged = false): ExportChunk {
  const records = texts.map((text, at) => ({
    label: `r${at + 1}`,
    row: at + 1,
    offset: null,
    text,
    flagged,
  }));
  return { chunk, sections: [{ member: null, path: null, header: "Title,Date", records }], tokens: 100 };
}

/** One person's store in a folder, a scripted model, and a file that has been read. */
export interface DnaRun extends AsyncDisposable {
  readonly store: ObjectStore;
  readonly ports: ModelPorts;
  /** What the model was asked. */
  readonly asked: ModelRequest[];
  /** People who are gone. */
  readonly gone: Set<string>;
  /** Uploads the file. */
  upload(content: string): Promise<void>;
  /** Writes chunks and their plan, as Read does after the upload. */
  plan(chunks: readonly ExportChunk[], more?: Partial<ExportPlan>): Promise<S3Uri>;
}

/** @param answer what the model says to each request, as text */
export async function dnaRun(answer: (request: ModelRequest) => string | Error): Promise<DnaRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-dna-"));
  const all = directoryObjectStore(path.join(folder, "objects"));
  const store = withinUser(all, settings, USER);
  const asked: ModelRequest[] = [];
  const gone = new Set<string>();
  const model: TextModel = {
    async complete(request) {
      asked.push(request);
      const text = answer(request);
      if (text instanceof Error) throw text;
      return { text, model: "scripted", offline: true, usage: { inputTokens: 1000, outputTokens: 100 } };
    },
  };
  const uri = s3Uri(settings.data, exportKey(USER, FILE));
  return {
    store,
    asked,
    gone,
    ports: {
      store,
      settings,
      model,
      metrics: { addMetric: () => undefined },
      requireActive: async (user) => {
        if (gone.has(user)) throw Object.assign(new Error("gone"), { name: "PersonGone" });
      },
    },
    async upload(content) {
      await writeFile(path.join(folder, "upload"), content);
      await store.upload(path.join(folder, "upload"), uri);
    },
    async plan(chunks, more = {}) {
      const facts = await store.head(uri);
      const plan = v.parse(ExportPlan, {
        ...readyPlan(facts?.etag ?? "none", facts?.bytes ?? 0, chunks.length),
        ...more,
      });
      for (const chunk of chunks)
        await store.putJson(s3Uri(settings.work, chunkKey(plan, chunk.chunk)), chunk);
      const place = s3Uri(settings.work, planKey({ user: USER, reading: plan.reading, byHand: false }));
      await store.putJson(place, plan);
      return place;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function readyPlan(etag: string, bytes: number, chunks: number): ExportPlan {
  return {
    contract: 1,
    user: USER,
    file: FILE,
    reading: "0123456789abcdef",
    state: "ready",
    reason: null,
    facts: {
      bytes,
      etag,
      sha256: "0".repeat(64),
      arrived_at: "2026-11-20T10:00:00.000Z",
      format: "csv",
      encoding: "utf-8",
      records: 3,
      columns: 2,
      dialect: { delimiter: ",", preamble_lines: 0, footer_lines: 0 },
      members: [],
      repairs: {
        double_encoded: 0,
        other_encoding_lines: 0,
        broken_quotes: 0,
        ragged_rows: 0,
        bad_lines: 0,
      },
    },
    masked: { cards: 0, national_ids: 0, emails: 0 },
    flags: [],
    chunks,
    left_out: 0,
    prompt: "categorise@1",
    model: settings.model.modelId,
  };
}
