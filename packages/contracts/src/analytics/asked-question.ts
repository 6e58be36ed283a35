import * as v from "valibot";

/**
 * One question that the copilot was asked, at {@link askedQuestionKey} of its bucket: what the analysis of query patterns
 * counts. Card numbers, social security numbers and e-mail addresses are masked; it may hold other personal data, names for
 * one, so it stays in this object; of `sql` only the pattern goes further.
 */
export const AskedQuestion = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, "letters, digits and dashes")),
  /** ISO 8601, UTC. */
  asked_at: v.pipe(v.string(), v.isoTimestamp()),
  /** Masked; of a long one the beginning. */
  question: v.string(),
  /** As the model wrote it, before it was bound to a build, masked; null where it wrote none. */
  sql: v.nullable(v.string()),
  outcome: v.picklist(["answered", "refused", "failed"]),
  /** Why it was refused or failed; null for an answer. */
  reason: v.nullable(v.string()),
  /** That Athena ran for; null where it did not run. */
  seconds: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** Null where it did not run. */
  scanned_bytes: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type AskedQuestion = v.InferOutput<typeof AskedQuestion>;

/** Prefix of the questions of a day (`YYYY-MM-DD`, UTC). The underscore hides it from crawlers and queries. */
export function askedQuestionsPrefix(day: string): string {
  return `_questions/${day}/`;
}

/** Key of a question, under the day on which it was asked. */
export function askedQuestionKey({ id, asked_at }: Pick<AskedQuestion, "id" | "asked_at">): string {
  return `${askedQuestionsPrefix(asked_at.slice(0, 10))}${id}.json`;
}
