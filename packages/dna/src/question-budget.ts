import { type AnswerForm, estimatedTokens, type ModelBudget, type Prompt } from "@penstock/runtime/model";
import type { DnaSettings } from "./settings.ts";

/** Tokens of the turn that says what was wrong with an answer. */
const REPAIR_TOKENS = 500;

/** What is asked, in tokens by the runtime's estimate. */
export interface AskedTokens {
  readonly message: number;
  readonly answer: number;
}

/**
 * The most that one question can take of the model: asked twice, the second time with the first answer and what was wrong with
 * it.
 */
export function questionBudget(
  prompt: Prompt,
  form: AnswerForm,
  { message, answer }: AskedTokens,
  { prices }: DnaSettings["model"],
): ModelBudget {
  const told = JSON.stringify(form.schema) + form.description;
  const asked = estimatedTokens(prompt.system) + estimatedTokens(told) + message + REPAIR_TOKENS;
  // The first answer, shown again: an estimate of a text may be twice what the model counted when it wrote it.
  const input = 2 * asked + 2 * answer + REPAIR_TOKENS;
  const output = 2 * answer;
  return {
    prices,
    mostTokens: input + output,
    mostCostUsd: (input * prices.input + output * prices.output) / 1e6,
  };
}
