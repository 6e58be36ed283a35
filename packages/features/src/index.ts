export type { FeaturesPorts, PlanPorts } from "./ports.ts";
export { BotLimits, FeaturesSettings, ValidationLimits } from "./settings.ts";
export {
  LandInteractionsInput,
  PlanFeaturesInput,
  PlannedInput,
  SyncCatalogueInput,
} from "./task-inputs.ts";
