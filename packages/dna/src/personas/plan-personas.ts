import { completeness, dnaCategories, MOST_DATA_POINTS } from "@penstock/contracts";
import type { DnaSettings } from "../settings.ts";
import { basisOf } from "./basis.ts";
import type { Facts } from "./facts.ts";
import { shownFacts } from "./persona-message.ts";
import type { PlannedPersona } from "./persona-plan.ts";

/** What each type with facts is to be, as far as code alone says it, and what the model is to be asked. In the types' order. */
export function planPersonas(
  facts: Facts,
  settings: Pick<DnaSettings, "model" | "personas">,
): PlannedPersona[] {
  return dnaCategories.flatMap((type) => {
    const known = facts[type];
    if (known === undefined) return [];
    const shown = shownFacts(known.facts, settings.personas.inputTokens);
    const asked = { facts: shown, left_out: known.facts.length - shown.length };
    return {
      type,
      basis: basisOf(type, asked, settings),
      ...asked,
      completeness: completeness({
        facts: known.facts.length,
        kinds: new Set(known.facts.map(({ kind }) => kind)).size,
        sources: known.sources.length,
      }),
      dataPoints: known.facts.slice(0, MOST_DATA_POINTS).map(({ what }) => what),
      sources: [...known.sources],
      lastUpdated: known.latest,
    };
  });
}
