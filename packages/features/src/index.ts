export { type AcceptedFeatures, type AcceptPorts, acceptFeatures } from "./accept-features.ts";
export { type Candidate, type CandidatePorts, catalogueCandidate } from "./catalogue-candidate.ts";
export { checkArrivals } from "./check-arrivals.ts";
export { checkParity, type Parity, type ParityPorts } from "./check-parity.ts";
export {
  type BackfillCost,
  type BackfillEstimate,
  BackfillSettings,
  type BackfillSlice,
  EstimateBackfillInput,
  estimateBackfill,
} from "./estimate-backfill.ts";
export type { FeatureCatalogue, KnownPartition, WantedPartition } from "./feature-catalogue.ts";
export type { FeaturePointers } from "./feature-pointers.ts";
export { judgeValidation, type Verdict } from "./judge-validation.ts";
export { type LandedSlice, landInteractions } from "./land-interactions.ts";
export type { OnlineHead, OnlineStore } from "./online-store.ts";
export { type PlannedFeatures, planFeatures } from "./plan-features.ts";
export type { FeaturesPorts, PlanPorts } from "./ports.ts";
export { type ProfiledFeatures, profileFeatures } from "./profile-features.ts";
export { type Published, type PublishPorts, publishOnline } from "./publish-online.ts";
export { BotLimits, DriftSettings, FeaturesSettings, OnlineSettings, ValidationLimits } from "./settings.ts";
export { type SyncedCatalogue, type SyncPorts, syncCatalogue } from "./sync-catalogue.ts";
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
export { type Undeliverable, UndeliverableInput, undeliverable } from "./undeliverable.ts";
