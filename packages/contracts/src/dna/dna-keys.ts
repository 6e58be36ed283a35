import type { DnaCategory } from "./categories.ts";

/** Prefix of all that is a person's, in both buckets. */
export function personPrefix(user: string): string {
  return `${user}/`;
}

/** Key of an export as it was uploaded, in the data's bucket: beside the lake's raw zone the one unmasked thing. */
export function exportKey(user: string, file: string): string {
  return `${user}/stage1/${file}`;
}

/** Prefix of what the exports of a person tell. */
export function documentsPrefix(user: string): string {
  return `${user}/stage2/`;
}

/** Key of what an export tells, a `DnaDocument`, in the data's bucket. */
export function documentKey(user: string, file: string): string {
  return `${documentsPrefix(user)}${file}.json`;
}

/** Key of a person's `Personas`, in the data's bucket. */
export function personasKey(user: string): string {
  return `${user}/stage3/personas.json`;
}

/** Key of what the model said of a type's facts, a `PersonaAnswer`, in the data's bucket. */
export function personaAnswerKey(user: string, type: DnaCategory): string {
  return `${user}/stage3/answers/${type}.json`;
}

/** Whose reading of a file it is. */
interface Reading {
  readonly user: string;
  /** A `ReadingId`. */
  readonly reading: string;
}

/**
 * Key of the plan of a reading, in the bucket for work. One started by hand may spend more, so that its plan is another
 * one over the same chunks and answers.
 */
export function planKey({ user, reading, byHand }: Reading & { readonly byHand: boolean }): string {
  return `${user}/${reading}/plan${byHand ? "-by-hand" : ""}.json`;
}

/** Key of a chunk of a reading, in the bucket for work. */
export function chunkKey({ user, reading }: Reading, chunk: number): string {
  return `${user}/${reading}/chunk-${chunk}.json`;
}

/** Key of the answer to a chunk, in the bucket for work. */
export function answerKey({ user, reading }: Reading, chunk: number): string {
  return `${user}/${reading}/answer-${chunk}.json`;
}

/**
 * Key of what a run spent on a chunk without an answer to keep.
 * @param run 16 hexadecimal digits that stand for it
 */
export function spendingKey({ user, reading }: Reading, chunk: number, run: string): string {
  return `${user}/${reading}/spent-${chunk}-${run}.json`;
}

/**
 * Key of what one build of a person's personas goes by, in the bucket for work.
 * @param execution 16 hexadecimal digits that stand for it
 */
export function personaPlanKey(user: string, execution: string, build: number): string {
  return `${user}/personas/${execution}/plan-${build}.json`;
}
