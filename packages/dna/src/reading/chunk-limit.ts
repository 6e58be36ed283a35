import { chunkBudget } from "../categorise/chunk-budget.ts";
import type { DnaSettings } from "../settings.ts";

/** How many chunks a run may have of a file, so that it cannot pass what it may spend, whatever the model answers. */
export function chunkLimit(settings: DnaSettings, byHand: boolean): number {
  const { chunks, runTokens, runCostUsd, byHand: times } = settings.categorise;
  const { mostTokens, mostCostUsd } = chunkBudget(settings);
  const more = byHand ? times : 1;
  return Math.floor(
    Math.min(more * chunks, (more * runTokens) / mostTokens, (more * runCostUsd) / mostCostUsd),
  );
}
