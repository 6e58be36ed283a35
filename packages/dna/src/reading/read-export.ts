import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  chunkKey,
  type DnaFlag,
  type ExportPlan,
  exportKey,
  FileName,
  type FileReason,
  planKey,
} from "@penstock/contracts";
import {
  inParallel,
  ObjectChanged,
  type ObjectFacts,
  ObjectMissing,
  type S3Uri,
  s3Uri,
  workDirectory,
} from "@penstock/runtime";
import { nameFlags } from "@penstock/runtime/flags";
import { promptId } from "@penstock/runtime/model";
import * as v from "valibot";
import { isCurrent, storedDocument } from "../categorise/current-document.ts";
import type { ReadPorts } from "../ports.ts";
import { categoriseV1 } from "../prompts/index.ts";
import type { DnaSettings } from "../settings.ts";
import type { ReadExportInput } from "../task-inputs.ts";
import { chunkLimit } from "./chunk-limit.ts";
import { chunksOf } from "./chunks.ts";
import { type FileContent, noRepairs, recordCount } from "./file-content.ts";
import { flagTally } from "./flag-tally.ts";
import { maskContent } from "./mask-content.ts";
import { readContent } from "./read-content.ts";
import { RefusedFile } from "./refused-file.ts";

/** Raised when files are read or cut in another way: what was read before is read again then. */
const READER = 1;

/** What is to be done with a file, in names and numbers. */
export interface ReadExport {
  /** `current`: there is a document of just this reading. `ignored`: no file of that name can be. */
  readonly state: "ready" | "current" | "refused" | "skipped" | "ignored";
  readonly reason: FileReason | "file_name" | null;
  readonly etag: string | null;
  readonly bytes: number;
  /** When it was uploaded, by S3. */
  readonly seen: string | null;
  /** Numbers of the chunks to categorise. */
  readonly chunks: readonly number[];
  readonly left_out: number;
  /** Of a file that is ready or refused. */
  readonly plan: S3Uri | null;
}

/**
 * Reads an export: format and encoding by its content, all numbers that must be hidden hidden, what may be meant to instruct
 * a model flagged, and the records cut into chunks as a run may pay for. Chunks and plan lie under a name that stands for
 * the file's version and for how it is read: the same again writes the same.
 * @throws {ObjectMissing} when the file is no longer there
 * @throws {ObjectChanged} when it is replaced while it is read
 * @throws {PersonGone}
 */
export async function readExport(input: ReadExportInput, ports: ReadPorts): Promise<ReadExport> {
  const { store, settings, requireActive } = ports;
  await requireActive(input.user);
  const { user, by_hand: byHand } = input;
  if (!v.is(FileName, input.file)) return ended("ignored", "file_name");
  const uri = s3Uri(settings.data, exportKey(user, input.file));
  const facts = await store.head(uri);
  if (facts === undefined) throw new ObjectMissing(`${uri} is not there`);
  if (facts.bytes > settings.handBytes) return ended("skipped", "too_large", facts);
  if (facts.bytes > settings.automaticBytes && !byHand)
    return ended("skipped", "too_large_for_automatic", facts);
  const reading = readingOf(input.file, facts.etag, settings);
  const { document } = await storedDocument(store, settings, { user, file: input.file });
  if (isCurrent(document, { reading, byHand })) return ended("current", null, facts);
  const found = await planned(input, { ...facts, reading }, ports);
  const plan = s3Uri(settings.work, planKey({ user, reading, byHand }));
  await inParallel(found.chunks, (chunk) =>
    store.putJson(s3Uri(settings.work, chunkKey({ user, reading }, chunk.chunk)), chunk),
  );
  // Last: where there is a plan, there are its chunks.
  await store.putJson(plan, found.plan);
  const { state, reason, left_out } = found.plan;
  const chunks = found.chunks.map(({ chunk }) => chunk);
  return { ...ended(state, reason, facts), chunks, left_out, plan };
}

function ended(
  state: ReadExport["state"],
  reason: ReadExport["reason"],
  facts?: Pick<ObjectFacts, "etag" | "bytes" | "lastModified">,
): ReadExport {
  return {
    state,
    reason,
    etag: facts?.etag ?? null,
    bytes: facts?.bytes ?? 0,
    seen: facts?.lastModified.toISOString() ?? null,
    chunks: [],
    left_out: 0,
    plan: null,
  };
}

/** Stands for all that plan, chunks and answers depend on. */
function readingOf(file: string, etag: string, { model, categorise }: DnaSettings): string {
  const { chunkTokens, answerTokens } = categorise;
  const parts = [file, etag, READER, promptId(categoriseV1), model.modelId, chunkTokens, answerTokens];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

async function planned(
  { user, file, by_hand: byHand }: ReadExportInput,
  { uri, etag, bytes, lastModified, reading }: ObjectFacts & { readonly reading: string },
  { store, settings, openSession }: ReadPorts,
) {
  await using work = await workDirectory();
  const local = path.join(work.path, "export");
  const arrived = await store.download(uri, local);
  if (arrived.etag !== etag) throw new ObjectChanged(`${uri} was replaced while it was read`);
  const content = await readFile(local);
  const read = await readContent(content).catch((error: unknown) => {
    if (error instanceof RefusedFile) return error;
    throw error;
  });
  const common = {
    contract: 1,
    user,
    file,
    reading,
    prompt: promptId(categoriseV1),
    model: settings.model.modelId,
  } as const;
  const known = {
    bytes,
    etag,
    sha256: createHash("sha256").update(content).digest("hex"),
    arrived_at: lastModified.toISOString(),
  };
  if (read instanceof RefusedFile) {
    const plan: ExportPlan = {
      ...common,
      state: "refused",
      reason: read.reason,
      facts: { ...known, ...unread },
      masked: { cards: 0, national_ids: 0, emails: 0 },
      flags: flagsOf(file, undefined),
      chunks: 0,
      left_out: 0,
    };
    return { plan, chunks: [] };
  }
  await using session = await openSession(path.join(work.path, "spill"));
  const { content: masked, masked: counts } = await maskContent(session, read);
  const all = chunksOf(masked.sections, settings.categorise.chunkTokens);
  const chunks = all.slice(0, chunkLimit(settings, byHand));
  const { format, encoding, columns, dialect, members, repairs } = masked;
  const plan: ExportPlan = {
    ...common,
    state: "ready",
    reason: null,
    facts: {
      ...known,
      format,
      encoding,
      records: recordCount(masked.sections),
      columns,
      dialect,
      members: [...members],
      repairs,
    },
    masked: counts,
    flags: flagsOf(file, masked),
    chunks: chunks.length,
    left_out: all.length - chunks.length,
  };
  return { plan, chunks };
}

const unread = {
  format: null,
  encoding: null,
  records: 0,
  columns: 0,
  dialect: null,
  members: [],
  repairs: noRepairs,
};

/** All that is suspicious: the file's own name first, then what stands in it and is not handed on, then its records. */
function flagsOf(file: string, content: FileContent | undefined): DnaFlag[] {
  const tally = flagTally();
  tally.note(nameFlags(file), null);
  for (const { codes, member, offset } of content?.asides ?? [])
    tally.note(codes, offset === null ? null : { member, path: null, row: null, offset });
  for (const { member, path: pointer, records } of content?.sections ?? [])
    for (const { codes, row, offset } of records) tally.note(codes, { member, path: pointer, row, offset });
  return tally.flags();
}
