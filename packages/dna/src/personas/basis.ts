import { createHash } from "node:crypto";
import type { DnaCategory } from "@penstock/contracts";
import { promptId } from "@penstock/runtime/model";
import { personaV1 } from "../prompts/index.ts";
import type { DnaSettings } from "../settings.ts";
import { personaMessage, type ShownFact } from "./persona-message.ts";

/** Of what is kept of an answer: another contract is another basis, and the model is asked again. */
const CONTRACT = 1;

/**
 * What an answer rests on, as the SHA-256 of the whole request: the facts that are shown and how many are not, the prompt, the
 * contract, the model. The same request is not made twice.
 */
export function basisOf(
  type: DnaCategory,
  { facts, left_out }: { readonly facts: readonly ShownFact[]; readonly left_out: number },
  { model, personas }: Pick<DnaSettings, "model" | "personas">,
): string {
  const request = [
    CONTRACT,
    promptId(personaV1),
    `${model.provider}/${model.modelId}`,
    personas.answerTokens,
    type,
    personaMessage(type, facts, left_out),
  ];
  return createHash("sha256").update(JSON.stringify(request)).digest("hex");
}
