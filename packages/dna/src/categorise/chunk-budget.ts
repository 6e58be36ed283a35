import { estimatedTokens, type ModelBudget } from "@penstock/runtime/model";
import { categoriseForm, categoriseV1 } from "../prompts/index.ts";
import type { DnaSettings } from "../settings.ts";

/** Tokens of the turn that says what was wrong with an answer. */
const REPAIR_TOKENS = 500;

/**
 * The most that a chunk can take of the model: asked twice, the second time with the first answer and what was wrong with
 * it. Known before anything is asked: how many chunks a run may have is counted from it.
 */
export function chunkBudget({ model: { prices }, categorise }: DnaSettings): ModelBudget {
  const { chunkTokens, answerTokens } = categorise;
  const form = JSON.stringify(categoriseForm.schema) + categoriseForm.description;
  const asked = estimatedTokens(categoriseV1.system) + estimatedTokens(form) + chunkTokens + REPAIR_TOKENS;
  // The first answer, shown again: an estimate of a text may be twice what the model counted when it wrote it.
  const input = 2 * asked + 2 * answerTokens + REPAIR_TOKENS;
  const output = 2 * answerTokens;
  return {
    prices,
    mostTokens: input + output,
    mostCostUsd: (input * prices.input + output * prices.output) / 1e6,
  };
}
