import * as v from "valibot";
import { type DnaCategory, dnaCategories, What } from "./categories.ts";
import { FileName } from "./file-name.ts";
import { ModelUsage } from "./model-usage.ts";
import { personaTraits } from "./traits.ts";

/** The name of each type of persona. */
export const personaNames = {
  financial: "Financial Profile",
  social: "Social Profile",
  professional: "Professional Profile",
  entertainment: "Entertainment Profile",
} as const satisfies Readonly<Record<DnaCategory, string>>;

/** Facts of a persona that stand in it word for word. */
export const MOST_DATA_POINTS = 25;

const summary = v.pipe(v.string(), v.maxCodePoints(600));
const insights = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxCodePoints(200))), v.maxLength(10));

const persona = <Type extends DnaCategory>(type: Type) =>
  v.strictObject({
    type: v.literal(type),
    name: v.literal(personaNames[type]),
    /** When the latest of its sources was uploaded: the same files give the same persona, whenever it is made. */
    lastUpdated: v.pipe(v.string(), v.isoTimestamp()),
    /** By `completeness`. */
    completeness: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
    summary,
    insights,
    /** The first of its facts. */
    dataPoints: v.pipe(v.array(What), v.maxLength(MOST_DATA_POINTS)),
    traits: personaTraits[type],
    /** All files that its facts are from, in order. */
    sources: v.pipe(v.array(FileName), v.minLength(1)),
  });

/** What the files of a person tell, by type, at `personasKey`. A type without a fact is not there. */
export const Personas = v.strictObject({
  financial: v.optional(persona("financial")),
  social: v.optional(persona("social")),
  professional: v.optional(persona("professional")),
  entertainment: v.optional(persona("entertainment")),
});
export type Personas = v.InferOutput<typeof Personas>;
/** A persona of one type. */
export type Persona = NonNullable<Personas[DnaCategory]>;

const answered = <Type extends DnaCategory>(type: Type) =>
  v.strictObject({
    contract: v.literal(1),
    type: v.literal(type),
    /** Of what was asked: the facts, the prompt, the contract, the model. The same is not asked again. */
    basis: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")),
    answer: v.strictObject({ summary, insights, traits: personaTraits[type] }),
    model: ModelUsage,
  });

/** What the model said of the facts of a type, at `personaAnswerKey`. */
export const PersonaAnswer = v.variant("type", [
  answered("financial"),
  answered("social"),
  answered("professional"),
  answered("entertainment"),
]);
export type PersonaAnswer = v.InferOutput<typeof PersonaAnswer>;

/** True for a type of persona. */
export function isDnaCategory(name: string): name is DnaCategory {
  return dnaCategories.some((category) => category === name);
}
