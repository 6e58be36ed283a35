import {
  type DnaCategory,
  dnaCategories,
  type PersonaAnswer,
  Personas,
  personasKey,
} from "@penstock/contracts";
import {
  inParallel,
  ObjectChanged,
  ObjectMissing,
  type ObjectStore,
  type S3Uri,
  s3Uri,
  UnsupportedFile,
} from "@penstock/runtime";
import * as v from "valibot";
import type { DnaPorts } from "../ports.ts";
import type { SavePersonasInput } from "../task-inputs.ts";
import { composePersonas } from "./compose.ts";
import { readPersonaPlan } from "./persona-plan.ts";
import { storedPersonaAnswer } from "./stored-persona-answer.ts";

/** What became of a person's personas, in names and numbers. */
export interface SavedPersonas {
  /** False where they are what they were. */
  readonly changed: boolean;
  readonly personas: S3Uri;
  readonly completeness: Readonly<Partial<Record<DnaCategory, number>>>;
  /** Types that are left as they were, as no answer came for what is known now. */
  readonly failed: readonly DnaCategory[];
}

/**
 * Writes the personas of a plan, only in the place of those that were there before its documents were read. Whoever wrote
 * others meanwhile may have seen documents that the plan has not.
 * @throws {ObjectChanged} when there are other personas than those, or a type has an answer to something else: load again
 * @throws {PersonGone}
 */
export async function savePersonas(
  input: SavePersonasInput,
  { store, settings, requireActive }: DnaPorts,
): Promise<SavedPersonas> {
  const { user } = input;
  await requireActive(user);
  const plan = await readPersonaPlan(store, input);
  const reported = new Set(input.failed.map(({ type }) => type));
  const answers = new Map<DnaCategory, PersonaAnswer>();
  const failed: DnaCategory[] = [];
  const stored = await inParallel(plan.personas, ({ type }) =>
    storedPersonaAnswer(store, settings, { user, type }),
  );
  for (const [at, { type, basis }] of plan.personas.entries()) {
    const answer = stored[at]?.answer;
    // One that was reported as failed may have its answer all the same: it came too late to be told.
    if (answer?.basis === basis) answers.set(type, answer);
    else if (reported.has(type)) failed.push(type);
    else
      throw new ObjectChanged(`the ${type} answer of ${user} is to other facts than the plan's; load again`);
  }
  const uri = s3Uri(settings.data, personasKey(user));
  const before = await storedPersonas(store, uri);
  const personas = composePersonas(plan, { answers, before: before.personas });
  const changed = JSON.stringify(before.content) !== JSON.stringify(personas);
  if (changed) await store.putJson(uri, personas, { replaces: plan.replaces });
  return { changed, personas: uri, completeness: completenessOf(personas), failed };
}

/** What there is at the personas' key; something else counts as none, and is replaced. */
async function storedPersonas(
  store: Pick<ObjectStore, "getJson">,
  uri: S3Uri,
): Promise<{ content: unknown; personas: Personas }> {
  const content = await store.getJson(uri).catch((error: unknown) => {
    if (error instanceof ObjectMissing || error instanceof UnsupportedFile) return undefined;
    throw error;
  });
  const parsed = v.safeParse(Personas, content);
  return { content, personas: parsed.success ? parsed.output : {} };
}

function completenessOf(personas: Personas): SavedPersonas["completeness"] {
  return Object.fromEntries(
    dnaCategories.flatMap((type) => {
      const persona = personas[type];
      return persona === undefined ? [] : [[type, persona.completeness]];
    }),
  );
}
