import { type DnaCategory, type PersonaAnswer, Personas, personaNames } from "@penstock/contracts";
import * as v from "valibot";
import type { PersonaPlan } from "./persona-plan.ts";

/** What there is of the types of a plan besides what code says of them. */
export interface Described {
  /** By type, of the plan's basis. */
  readonly answers: ReadonlyMap<DnaCategory, PersonaAnswer>;
  /** The personas as they were: a type without an answer stays as it is there. */
  readonly before: Personas;
}

/** The personas of a plan. The same plan and answers give the same, to the byte. */
export function composePersonas(
  { personas }: Pick<PersonaPlan, "personas">,
  { answers, before }: Described,
): Personas {
  const composed = personas.flatMap((planned): [string, unknown][] => {
    const { type, lastUpdated, completeness, dataPoints, sources } = planned;
    const said = answers.get(type)?.answer;
    if (said === undefined) return before[type] === undefined ? [] : [[type, before[type]]];
    const { summary, insights, traits } = said;
    const name = personaNames[type];
    return [
      [type, { type, name, lastUpdated, completeness, summary, insights, dataPoints, traits, sources }],
    ];
  });
  return v.parse(Personas, Object.fromEntries(composed));
}
