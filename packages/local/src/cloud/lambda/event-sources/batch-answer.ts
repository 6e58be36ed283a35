import * as v from "valibot";

const Answer = v.nullable(
  v.object({
    batchItemFailures: v.optional(v.nullable(v.array(v.object({ itemIdentifier: v.string() })))),
  }),
);

/**
 * Which messages of a batch are done with, by what the function answered. Where nobody can tell, none is.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 * @param payload JSON text
 */
export function doneMessages(ids: readonly string[], payload: string): readonly string[] {
  const answer = v.safeParse(Answer, answered(payload));
  if (!answer.success) return [];
  const failed = new Set(
    (answer.output?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier),
  );
  return [...failed].every((id) => ids.includes(id)) ? ids.filter((id) => !failed.has(id)) : [];
}

/** What a function answered; an empty list stands for nothing too. */
function answered(payload: string): unknown {
  const value: unknown = payload === "" ? null : JSON.parse(payload);
  return Array.isArray(value) && value.length === 0 ? null : value;
}
