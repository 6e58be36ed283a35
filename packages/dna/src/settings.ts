import { ModelSettings } from "@penstock/runtime/model";
import * as v from "valibot";

const name = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What one run over a file may take of the model, known before the first call. */
export const CategoriseSettings = v.strictObject({
  /** Most tokens of a chunk, by the runtime's estimate. */
  chunkTokens: count,
  /** Most tokens of an answer to a chunk. */
  answerTokens: count,
  /** Most chunks of a file. */
  chunks: count,
  /** Most tokens of a run, in and out. */
  runTokens: count,
  runCostUsd: v.pipe(v.number(), v.gtValue(0)),
  /** How many times as many chunks, tokens and dollars a run by hand may take. */
  byHand: count,
});
export type CategoriseSettings = v.InferOutput<typeof CategoriseSettings>;

/** What one type of persona may take of the model. */
export const PersonaSettings = v.strictObject({
  /** Most tokens of the facts that it is shown, by the runtime's estimate. */
  inputTokens: count,
  answerTokens: count,
});
export type PersonaSettings = v.InferOutput<typeof PersonaSettings>;

/** What the deployment links to every task of Digital DNA as `Dna`. */
export const DnaSettings = v.object({
  /** Exports, documents and personas, by person. */
  data: name,
  /** Plans, chunks and answers, by person; all of it is deleted after some days. */
  work: name,
  peopleTable: name,
  filesTable: name,
  /** Most bytes of a file that is read unasked. */
  automaticBytes: count,
  /** Most bytes of a file that is read at all. */
  handBytes: count,
  model: ModelSettings,
  categorise: CategoriseSettings,
  personas: PersonaSettings,
  /** DuckDB's memory limit for the masks, in MB. */
  memoryMb: count,
});

/** Buckets, tables and limits of Digital DNA, from `stacks/settings` of the stage. */
export type DnaSettings = v.InferOutput<typeof DnaSettings>;
