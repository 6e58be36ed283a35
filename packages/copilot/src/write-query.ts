import type { MartsManifest } from "@penstock/contracts";
import { askAgain, type ModelReply, type TextModel } from "@penstock/runtime/model";
import { type CheckedQuery, checkQuery, type QueryLimits } from "./guard/check-query.ts";
import { Refused } from "./guard/refused.ts";
import { writeQueryV1 } from "./prompts/write-query-v1.ts";
import { readReply } from "./read-reply.ts";

/** What is known of a question on its way: of a refused one, as far as it came. */
export interface Progress {
  model: Pick<ModelReply, "model" | "offline"> | undefined;
  /** What the model wrote last, checked or not. */
  sql: string | undefined;
}

const MOST_TOKENS = 1000;

/**
 * Lets the model write the query, and checks it. A query that may not run is asked for once more with the reason.
 * @throws {Refused} when the model says that it cannot, or its second try may not run either
 */
export async function writeQuery(
  question: string,
  model: TextModel,
  manifest: MartsManifest,
  limits: QueryLimits,
  progress: Progress,
): Promise<CheckedQuery> {
  return askAgain({
    request: { system: writeQueryV1.system, maxTokens: MOST_TOKENS, temperature: 0 },
    // A JSON string, so that nothing in it can be taken for an instruction's frame.
    message: `Question: ${JSON.stringify(question)}`,
    complete: (request) => model.complete(request),
    read(reply) {
      progress.model = { model: reply.model, offline: reply.offline };
      progress.sql = undefined;
      const sql = readReply(reply.text);
      progress.sql = sql;
      return checkQuery(sql, manifest, limits);
    },
    reason: (error) =>
      error instanceof Refused && error.code !== "not_answerable" ? error.message : undefined,
  });
}
