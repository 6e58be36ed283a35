export { BuildMartsInput, buildMarts } from "./build-marts.ts";
export { FinishMartsInput, finishMarts } from "./finish-marts.ts";
export type { MartsSummary } from "./manifest.ts";
export { PlanMartsInput, type PlannedMarts, planMarts } from "./plan-marts.ts";
export type { MartsPorts } from "./ports.ts";
export { MartsSettings } from "./settings.ts";
