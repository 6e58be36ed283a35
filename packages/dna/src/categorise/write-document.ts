import { isDeepStrictEqual } from "node:util";
import {
  answerKey,
  type DnaCategory,
  type DnaDocument,
  documentKey,
  type ExportPlan,
  exportKey,
  type FileReason,
  type FileStatus,
  type FlagCode,
} from "@penstock/contracts";
import { inParallel, ObjectChanged, type S3Uri, s3Uri } from "@penstock/runtime";
import type { DnaPorts } from "../ports.ts";
import type { WriteDocumentInput } from "../task-inputs.ts";
import { spendingUri, storedSpending } from "./chunk-spending.ts";
import { storedDocument } from "./current-document.ts";
import { type AnsweredChunks, documentOf } from "./document-of.ts";
import { readPlan } from "./read-plan.ts";
import { storedAnswer } from "./stored-answer.ts";

/** What became of a file, in names and numbers. */
export interface WrittenDocument {
  readonly status: Exclude<FileStatus, "skipped">;
  readonly reason: FileReason | null;
  readonly document: S3Uri;
  readonly items: Readonly<Record<DnaCategory, number>>;
  readonly flags: readonly FlagCode[];
  readonly chunks: number;
  readonly failed_chunks: number;
  readonly left_out: number;
  readonly tokens: number;
  readonly cost_usd: number;
}

const statuses = {
  categorised: "processed",
  partial: "partial",
  failed: "failed",
  refused: "refused",
} as const satisfies Readonly<Record<DnaDocument["state"], WrittenDocument["status"]>>;

/**
 * Writes what a file tells, from the plan of its reading and the answers to its chunks. It is written only while the file is
 * the version that was read and no other document has come since; one that says the same, or more of the same reading, stays.
 * @throws {ObjectChanged} when there is another version of the file, none any more, or another document
 * @throws {PersonGone}
 */
export async function writeDocument(input: WriteDocumentInput, ports: DnaPorts): Promise<WrittenDocument> {
  const { store, settings, requireActive } = ports;
  await requireActive(input.user);
  const plan = await readPlan(store, input);
  const document = documentOf(plan, await answeredChunks(plan, input, ports), settings.model.prices);
  const before = await storedDocument(store, settings, plan);
  const uri = s3Uri(settings.data, documentKey(plan.user, plan.file));
  if (before.document !== undefined && saysAsMuch(before.document, document))
    return told(before.document, uri);
  // After the look at the document: a newer version's document can then only have come after this look, and is not replaced.
  const file = await store.head(s3Uri(settings.data, exportKey(plan.user, plan.file)));
  if (file?.etag !== plan.facts.etag)
    throw new ObjectChanged(
      `${uri} would be of a version of the file that is no longer there; read it again`,
    );
  await store.putJson(uri, document, { replaces: before.etag });
  return told(document, uri);
}

/** What there is of each chunk. One that was reported as failed may have its answer all the same: it came too late to be told. */
async function answeredChunks(
  plan: ExportPlan,
  { failed, run_id: runId }: Pick<WriteDocumentInput, "failed" | "run_id">,
  { store, settings }: DnaPorts,
): Promise<AnsweredChunks> {
  const errors = new Map(failed.map(({ chunk, error }) => [chunk, error]));
  const chunks = await inParallel([...Array(plan.chunks).keys()], async (chunk) => ({
    chunk,
    answer: await storedAnswer(store, s3Uri(settings.work, answerKey(plan, chunk)), chunk),
  }));
  const unanswered = chunks.filter(({ answer }) => answer === undefined);
  const spent = await inParallel(unanswered, ({ chunk }) =>
    storedSpending(store, spendingUri(settings, { plan, chunk, runId })),
  );
  return {
    spent: spent.filter(({ calls }) => calls > 0),
    answers: chunks.flatMap(({ answer }) => (answer === undefined ? [] : [answer])),
    failed: chunks.flatMap(({ chunk, answer }) =>
      answer === undefined ? [{ chunk, error: errors.get(chunk) ?? "ObjectMissing" }] : [],
    ),
  };
}

/** Whether a document of the same reading stays: it is the same, or of a run that could pay for more of it. */
function saysAsMuch(before: DnaDocument, document: DnaDocument): boolean {
  if (isDeepStrictEqual(before, document)) return true;
  return before.reading === document.reading && before.chunks.categorised > document.chunks.categorised;
}

function told(
  { state, reason, categories, flags, chunks, model }: DnaDocument,
  document: S3Uri,
): WrittenDocument {
  const items = (category: DnaCategory) => categories[category].items.length;
  return {
    status: statuses[state],
    reason,
    document,
    items: {
      financial: items("financial"),
      social: items("social"),
      professional: items("professional"),
      entertainment: items("entertainment"),
    },
    flags: [...new Set(flags.map(({ code }) => code))],
    chunks: chunks.categorised,
    failed_chunks: chunks.failed.length,
    left_out: chunks.left_out,
    tokens: (model?.input_tokens ?? 0) + (model?.output_tokens ?? 0),
    cost_usd: model?.cost_usd ?? 0,
  };
}
