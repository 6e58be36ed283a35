export type { FeaturesPorts, PlanPorts } from "./ports.ts";
export { BotLimits, DriftSettings, FeaturesSettings, OnlineSettings, ValidationLimits } from "./settings.ts";
export {
  AcceptFeaturesInput,
  CatalogueCandidateInput,
  LandInteractionsInput,
  PlanFeaturesInput,
  PlannedInput,
  ProfileFeaturesInput,
  PublishOnlineInput,
  PublishSlice,
  SyncCatalogueInput,
} from "./task-inputs.ts";
