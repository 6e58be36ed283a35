import type { ModelBudget } from "@penstock/runtime/model";
import { categoriseForm, categoriseV1 } from "../prompts/index.ts";
import { questionBudget } from "../question-budget.ts";
import type { DnaSettings } from "../settings.ts";

/**
 * The most that a chunk can take of the model. Known before anything is asked: how many chunks a run may have is counted from
 * it.
 */
export function chunkBudget({ model, categorise }: DnaSettings): ModelBudget {
  const { chunkTokens, answerTokens } = categorise;
  return questionBudget(categoriseV1, categoriseForm, { message: chunkTokens, answer: answerTokens }, model);
}
