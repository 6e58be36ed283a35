import * as v from "valibot";
import { Confidence, dnaCategories, itemKinds, What } from "./categories.ts";
import { DnaEvidence } from "./evidence.ts";
import { FileFacts, refusalReasons } from "./file-facts.ts";
import { FileName } from "./file-name.ts";
import { DnaFlag } from "./flags.ts";
import { ModelUsage, PromptName } from "./model-usage.ts";
import { UserId } from "./user-id.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * One reading of a file: 16 hexadecimal digits that stand for its name and version, for how it is read and cut, and for
 * prompt and model. The same reading again finds its chunks and answers.
 */
export const ReadingId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"));

/** Numbers that were masked in a file before anything else saw it. */
export const MaskedCounts = v.strictObject({ cards: count, national_ids: count, emails: count });
export type MaskedCounts = v.InferOutput<typeof MaskedCounts>;

/** What a file was read to, by Read at `planKey`: what the tasks after it go by. */
export const ExportPlan = v.strictObject({
  contract: v.literal(1),
  user: UserId,
  file: FileName,
  reading: ReadingId,
  state: v.picklist(["ready", "refused"]),
  /** Why it was refused. */
  reason: v.nullable(v.picklist(refusalReasons)),
  facts: FileFacts,
  masked: MaskedCounts,
  /** What reading found. */
  flags: v.array(DnaFlag),
  /** How many chunks go to the model: those of the numbers from 0. */
  chunks: count,
  /** Chunks beyond what a run may spend. */
  left_out: count,
  prompt: PromptName,
  /** The model that is asked. */
  model: v.string(),
});
export type ExportPlan = v.InferOutput<typeof ExportPlan>;

/** A record as the model sees it, or a piece of a long one. */
export const ChunkRecord = v.strictObject({
  /** Names it in the chunk: `r17`. Every one is another. */
  label: v.pipe(v.string(), v.regex(/^r[1-9]\d{0,5}$/, "r and a number")),
  row: DnaEvidence.entries.row,
  offset: DnaEvidence.entries.offset,
  /** Masked. */
  text: v.string(),
  /** It may be meant to instruct a model. */
  flagged: v.boolean(),
});
export type ChunkRecord = v.InferOutput<typeof ChunkRecord>;

/**
 * Part of a file for one call of the model: sections of one table, array or text each, their records in order. Flagged
 * records stand in chunks of their own: a model that obeys one says nothing about the others then.
 */
export const ExportChunk = v.strictObject({
  chunk: count,
  sections: v.array(
    v.strictObject({
      member: DnaEvidence.entries.member,
      path: DnaEvidence.entries.path,
      /** Names of a table's columns, masked. */
      header: v.nullable(v.string()),
      records: v.array(ChunkRecord),
    }),
  ),
  /** An estimate. */
  tokens: count,
});
export type ExportChunk = v.InferOutput<typeof ExportChunk>;

/** An item that stands in the record that it names. */
export const FoundItem = v.pipe(
  v.strictObject({
    category: v.picklist(dnaCategories),
    kind: v.picklist(dnaCategories.flatMap((category) => [...itemKinds[category]])),
    what: What,
    evidence: DnaEvidence,
    confidence: Confidence,
    flagged: v.boolean(),
  }),
  v.check(
    ({ category, kind }) => itemKinds[category].some((known) => known === kind),
    "a kind of the category",
  ),
);
export type FoundItem = v.InferOutput<typeof FoundItem>;

/** What a chunk told, written once at `answerKey`: the model is not asked again for it. */
export const ChunkAnswer = v.strictObject({
  contract: v.literal(1),
  chunk: count,
  items: v.array(FoundItem),
  /** Items of the model's that stand in no record that it was given. */
  unfounded: count,
  model: ModelUsage,
});
export type ChunkAnswer = v.InferOutput<typeof ChunkAnswer>;

/** What a run spent on a chunk whose tries came to nothing so far, at `spendingKey`: the next try has that much less. */
export const ChunkSpending = v.strictObject({
  contract: v.literal(1),
  chunk: count,
  calls: count,
  input_tokens: count,
  output_tokens: count,
});
export type ChunkSpending = v.InferOutput<typeof ChunkSpending>;
