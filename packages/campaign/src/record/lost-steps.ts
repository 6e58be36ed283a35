import type { MissingPart, ProductRecord } from "@penstock/contracts";

/** The steps that a campaign was made without, or not with all of them: `skipped:` and the first reason. */
export function lostSteps(incomplete: readonly MissingPart[]): ProductRecord["steps"] {
  const steps: { data_enrichment?: string; cultural_intelligence?: string } = {};
  for (const { step, reason } of incomplete)
    if (step === "data_enrichment" || step === "cultural_intelligence") steps[step] ??= `skipped:${reason}`;
  return steps;
}
