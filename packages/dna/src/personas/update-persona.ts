import { type DnaCategory, PersonaAnswer, personaAnswerKey } from "@penstock/contracts";
import { InvalidInput, ObjectChanged, s3Uri } from "@penstock/runtime";
import { type AnswerForm, askModel, estimatedTokens, modelMeter } from "@penstock/runtime/model";
import * as v from "valibot";
import type { ModelPorts } from "../ports.ts";
import { personaForms, personaV1 } from "../prompts/index.ts";
import { questionBudget } from "../question-budget.ts";
import type { UpdatePersonaInput } from "../task-inputs.ts";
import { basisOf } from "./basis.ts";
import { groundedAnswer, type PersonaContract } from "./grounded-answer.ts";
import { personaMessage } from "./persona-message.ts";
import { readPersonaPlan } from "./persona-plan.ts";
import { storedPersonaAnswer } from "./stored-persona-answer.ts";

/** That a type has its answer. Short: the state machine keeps one of each type. */
export interface UpdatedPersona {
  readonly type: DnaCategory;
  /** Calls of the model that were made now; none where the same had been asked before. */
  readonly calls: number;
  /** Tokens that they took, in and out. */
  readonly tokens: number;
}

/**
 * Lets the model describe one type from its facts, keeps what stands on them, and writes that down. The same request is not made
 * again, whichever build it was of.
 * @throws {ModelOutputInvalid} when the second answer cannot be taken either
 * @throws {ModelBudgetSpent} when another call would cost more than a type may
 * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied} of the model
 * @throws {PersonGone}
 */
export async function updatePersona(
  input: UpdatePersonaInput,
  { store, settings, requireActive, model, metrics }: ModelPorts,
): Promise<UpdatedPersona> {
  const { user, type } = input;
  await requireActive(user);
  const { personas } = await readPersonaPlan(store, input);
  const planned = personas.find((persona) => persona.type === type);
  if (planned === undefined) throw new InvalidInput(`${input.plan} has no facts of the type ${type}`);
  const { facts, left_out } = planned;
  // By what would be asked now, and not as planned: a deployment may have come between. Save sees that it is another one.
  const basis = basisOf(type, planned, settings);
  const before = await storedPersonaAnswer(store, settings, { user, type });
  if (before.answer?.basis === basis) return { type, calls: 0, tokens: 0 };
  const message = personaMessage(type, facts, left_out);
  const form: AnswerForm<PersonaContract> = personaForms[type];
  const tokens = { message: estimatedTokens(message), answer: settings.personas.answerTokens };
  const { answer, usage } = await askModel(model, {
    prompt: personaV1,
    message,
    form,
    accept: (said) => groundedAnswer({ type, facts, prompt: personaV1.system }, said),
    maxTokens: settings.personas.answerTokens,
    meter: modelMeter(questionBudget(personaV1, form, tokens, settings.model), metrics),
  });
  const kept = v.parse(PersonaAnswer, { contract: 1, type, basis, answer, model: usage });
  await store
    .putJson(s3Uri(settings.data, personaAnswerKey(user, type)), kept, { replaces: before.etag })
    .catch((error: unknown) => {
      // Another build has answered meanwhile, and one of the two has not seen all documents. Save tells which.
      if (!(error instanceof ObjectChanged)) throw error;
    });
  return { type, calls: usage.calls, tokens: usage.input_tokens + usage.output_tokens };
}
