export { FinishRefineInput, finishRefine, type PlannedRefine, planRefine } from "./glue-refine.ts";
export { InspectInput, type Inspection, inspect } from "./inspect.ts";
export { BalanceBroken, type RefineMetrics } from "./metrics.ts";
export type { LakePorts } from "./ports.ts";
export { ReconcileInput, type ReconcileSummary, reconcile } from "./reconcile.ts";
export { RefineInput, type RefineSummary, refine } from "./refine.ts";
export { LakeSettings } from "./settings.ts";
