import type { MartsManifest } from "@penstock/contracts";
import type { ModelReply, TextModel } from "@penstock/runtime/model";
import { type CheckedQuery, checkQuery, type QueryLimits } from "./guard/check-query.ts";
import { Refused } from "./guard/refused.ts";
import { conversation, type FailedTry, system } from "./prompt.ts";
import { readReply } from "./read-reply.ts";

/** What is known of a question on its way: of a refused one, as far as it came. */
export interface Progress {
  model: Pick<ModelReply, "model" | "offline"> | undefined;
  /** What the model wrote last, checked or not. */
  sql: string | undefined;
}

/** Tries of a model. The second knows what was wrong with the first. */
const TRIES = 2;
const MOST_TOKENS = 1000;

/**
 * Lets the model write the query, and checks it.
 * @throws {Refused} when it says that it cannot, or the last try is not what may run
 */
export async function writeQuery(
  question: string,
  model: TextModel,
  manifest: MartsManifest,
  limits: QueryLimits,
  progress: Progress,
): Promise<CheckedQuery> {
  let failed: FailedTry | undefined;
  for (let tries = 1; ; tries += 1) {
    const messages = conversation(question, failed);
    const reply = await model.complete({ system, messages, maxTokens: MOST_TOKENS, temperature: 0 });
    progress.model = { model: reply.model, offline: reply.offline };
    progress.sql = undefined;
    try {
      const sql = readReply(reply.text);
      progress.sql = sql;
      return checkQuery(sql, manifest, limits);
    } catch (error) {
      if (!(error instanceof Refused) || error.code === "not_answerable" || tries === TRIES) throw error;
      failed = { reply: reply.text, reason: error.message };
    }
  }
}
