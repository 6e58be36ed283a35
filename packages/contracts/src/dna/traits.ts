import * as v from "valibot";
import type { DnaCategory } from "./categories.ts";

const word = v.nullable(v.pipe(v.string(), v.maxCodePoints(80)));
const list = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxCodePoints(80))), v.maxLength(12));

/** What a persona of each type is made of besides words; null and empty where the facts do not tell. */
export const personaTraits = {
  financial: v.strictObject({
    spendingHabits: word,
    financialServices: list,
    subscriptions: list,
    incomeSources: list,
    topCategories: list,
  }),
  social: v.strictObject({ activity: word, platforms: list, interests: list, groups: list }),
  professional: v.strictObject({
    seniority: word,
    employers: list,
    roles: list,
    skills: list,
    industries: list,
  }),
  entertainment: v.strictObject({ habits: word, services: list, genres: list, favourites: list }),
} as const satisfies Readonly<Record<DnaCategory, v.GenericSchema>>;

/** The traits of one type of persona. */
export type PersonaTraits<Type extends DnaCategory = DnaCategory> = v.InferOutput<
  (typeof personaTraits)[Type]
>;
