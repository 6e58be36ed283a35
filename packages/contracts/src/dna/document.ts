import * as v from "valibot";
import { DnaItems } from "./categories.ts";
import { MaskedCounts, ReadingId } from "./chunk.ts";
import { FileFacts, refusalReasons } from "./file-facts.ts";
import { FileName } from "./file-name.ts";
import { DnaFlag } from "./flags.ts";
import { ModelUsage } from "./model-usage.ts";
import { UserId } from "./user-id.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The name of an error as a state machine knows it: `ModelThrottled`, `States.Timeout`. */
export const ErrorCode = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9._]{0,99}$/, "an error's name"));

/** A chunk that no answer came for, and why. */
export const FailedChunk = v.strictObject({ chunk: count, error: ErrorCode });
export type FailedChunk = v.InferOutput<typeof FailedChunk>;

/**
 * What became of a file. `categorised`: all of it was; `partial`: some chunks failed or would have cost too much, the
 * rest is used; `failed`: no chunk was answered; `refused`: nothing could be read.
 */
export const documentStates = ["categorised", "partial", "failed", "refused"] as const;

/** Why a file is not categorised whole. */
export const documentReasons = [...refusalReasons, "chunks_failed", "budget"] as const;
export type DocumentReason = (typeof documentReasons)[number];

/** What a file tells about a person, at `documentKey`. */
export const DnaDocument = v.strictObject({
  contract: v.literal(1),
  user: UserId,
  file: FileName,
  /** Which reading this is of: another one of the same file is not current. */
  reading: ReadingId,
  state: v.picklist(documentStates),
  /** Null for `categorised`. */
  reason: v.nullable(v.picklist(documentReasons)),
  facts: FileFacts,
  categories: DnaItems,
  chunks: v.strictObject({
    planned: count,
    categorised: count,
    failed: v.array(FailedChunk),
    /** Chunks that would have cost more than a run may. */
    left_out: count,
  }),
  flags: v.array(DnaFlag),
  masked: MaskedCounts,
  /** Null where no model answered. */
  model: v.nullable(ModelUsage),
});
export type DnaDocument = v.InferOutput<typeof DnaDocument>;
