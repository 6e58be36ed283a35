/**
 * Contracts: what a table is, written once.
 *
 * A table is a `v.strictObject` of columns (`columns/`), its keys, references, rules within a row and sources
 * (`tables/`). `table()` reads the schema and derives the rest; what it cannot express in SQL with exactly the same
 * meaning is an `UnsupportedAction`, thrown where the contract is built and naming column and action.
 *
 * | from a contract | comes |
 * |---|---|
 * | `v.InferOutput<typeof contracts.orders.schema>` | the type of a record |
 * | `brokenRules(contract, record)` | every rule that one record breaks, by `v.safeParse` |
 * | `compileTable(contract, source, physical)` | the same rules, and the decoding, as SQL over the columns of a file |
 * | `glueColumns`, `glueTable` | the Glue table over the curated objects |
 * | `jsonSchema` | `schemas/v<version>/<table>.json`, by `npm run schemas -w @penstock/contracts` |
 *
 * **From a file to a contract.** `resolveSource` tells by the column names whose file it is, `physicalMismatch` whether
 * each column is stored as something that can be read, `compileTable` gives the SQL and `decodeRecord` does the same to
 * one row in JavaScript. VARCHAR is accepted for every type and read by `records/text-forms.ts`.
 *
 * **Records.** Moments and dates are ISO 8601 text (`2025-01-16T08:00:00`, UTC without a zone, up to microseconds),
 * integers and decimals are numbers, absent is null or missing.
 *
 * **Names of rules.** `<column>.required`, `.type` (then nothing else is said of that column), `.integer`,
 * `.not_finite`, `.decimals`, `.min_value`, `.max_value`, `.min_length`, `.max_length` (code points), `.format`,
 * `.one_of`; a rule within a row or across tables has a name of its own. Only a record in memory can break
 * `.well_formed` (a lone surrogate) and `.unknown` (a column that nobody knows).
 *
 * **SQL** is in Trino's dialect and keeps to the subset that the engines share. Sessions run in UTC: a timestamp with
 * time zone is read as its wall clock there.
 */
export {
  type AnalystTable,
  type AnalystTableDefinition,
  type AnalystType,
  analystGlueTable,
  analystTable,
} from "./analytics/analyst-table.ts";
export { ReportCell, ReportPage, ReportSummary, SystemAnalytics } from "./analytics/api-answers.ts";
export { AskedQuestion, askedQuestionKey, askedQuestionsPrefix } from "./analytics/asked-question.ts";
export {
  BuildName,
  BuildObject,
  BuildTable,
  CurrentBuild,
  MartsManifest,
  manifestKey,
  ReportHead,
  reportKey,
  tablePrefixOf,
} from "./analytics/build-objects.ts";
export {
  CopilotAnswer,
  CopilotQuestion,
  CopilotRefusal,
  CopilotValue,
  type RefusalCode,
  refusalCodes,
} from "./analytics/copilot-answer.ts";
export { type MartName, marts } from "./analytics/marts.ts";
export {
  type ReportContract,
  type SystemContract,
  type SystemName,
  systemFor,
  systems,
} from "./analytics/systems.ts";
export { generatedKey, keyMoment, uploadKey } from "./assets/asset-keys.ts";
export { ImageId, imageSeed } from "./assets/image-id.ts";
export { ImageMessage } from "./assets/image-message.ts";
export {
  ImageError,
  ImageRecord,
  ImageStatus,
  imageErrors,
  imageStatusUrl,
  type PendingImage,
  pendingImage,
} from "./assets/image-record.ts";
export { ImageQueued, ImageRequest, PROMPT_LENGTH } from "./assets/image-request.ts";
export { AspectRatio, aspectRatios, ImageStyle, imageStyles } from "./assets/image-style.ts";
export { ANONYMOUS, type Caller, KeyOwner, keyOwner, Subject } from "./assets/key-owner.ts";
export {
  ImageFault,
  ImageType,
  imageFaults,
  imageTypes,
  UploadForm,
  UploadFormWanted,
  UploadId,
  UploadStatus,
  uploadStatusUrl,
} from "./assets/upload.ts";
export {
  CampaignAnswer,
  CampaignFailed,
  CampaignImageAsked,
  CampaignProduct,
  CampaignRunning,
  CampaignState,
  campaignUrl,
} from "./campaign/campaign-answer.ts";
export { CampaignId, CorrelationId } from "./campaign/campaign-id.ts";
export { CampaignInput } from "./campaign/campaign-input.ts";
export { CampaignImage, CampaignRequest, INLINE_IMAGE_BYTES } from "./campaign/campaign-request.ts";
export {
  CampaignDraft,
  ContentIdea,
  PlannedCampaign,
  platforms,
  WantedImage,
} from "./campaign/draft.ts";
export {
  CampaignModel,
  FallbackReason,
  GenerationMethod,
  generationMethods,
  MissingPart,
} from "./campaign/generation.ts";
export { KnownInsight, MarketInsight } from "./campaign/insight.ts";
export { FoundLabel, ImageAnalysis, LABEL_TEXT, Label } from "./campaign/label.ts";
export { MarketCode, marketCode, marketName, nearMarkets } from "./campaign/markets.ts";
export { AskedCampaign, ProductRecord } from "./campaign/product-record.ts";
export {
  FoundVideo,
  VIDEO_TEXT,
  Video,
  YoutubeData,
  type YoutubeState,
} from "./campaign/video.ts";
export {
  type CompiledRule,
  type CompiledTable,
  compileTable,
  type DecodedColumn,
} from "./compile/compile-table.ts";
export { type GlueColumn, type GlueTable, glueColumns, glueTable } from "./compile/glue.ts";
export { type ContractJsonSchema, jsonSchema } from "./compile/json-schema.ts";
export { type PhysicalColumn, type PhysicalMismatch, physicalMismatch } from "./compile/physical.ts";
export { sqlType } from "./compile/read-cell.ts";
export type {
  Column,
  Comparison,
  Contract,
  LogicalType,
  Reference,
  RowRule,
  SensitiveClass,
  Source,
} from "./contract.ts";
export { rowsPrefix, violationsKey } from "./curated/keys.ts";
export { latestFirst } from "./curated/row-order.ts";
export { typedNulls } from "./curated/typed-nulls.ts";
export {
  allItemKinds,
  Confidence,
  type DnaCategory,
  type DnaItem,
  DnaItems,
  dnaCategories,
  type ItemKind,
  itemKinds,
  WHAT_LENGTH,
  What,
} from "./dna/categories.ts";
export {
  ChunkAnswer,
  ChunkRecord,
  ChunkSpending,
  ExportChunk,
  ExportPlan,
  FoundItem,
  MaskedCounts,
  ReadingId,
} from "./dna/chunk.ts";
export { completeness, type PersonaEvidence } from "./dna/completeness.ts";
export {
  ErasureStarted,
  FileOutcomes,
  PersonEmail,
  PersonRegistered,
  UploadPlace,
  UploadWanted,
} from "./dna/dna-api.ts";
export {
  answerKey,
  chunkKey,
  documentKey,
  documentsPrefix,
  exportKey,
  personaAnswerKey,
  personaPlanKey,
  personasKey,
  personPrefix,
  planKey,
  spendingKey,
} from "./dna/dna-keys.ts";
export {
  DnaDocument,
  type DocumentReason,
  documentReasons,
  documentStates,
  ErrorCode,
  FailedChunk,
} from "./dna/document.ts";
export { DnaEvidence } from "./dna/evidence.ts";
export {
  type ExportFormat,
  exportFormats,
  FileFacts,
  type MemberReason,
  memberReasons,
  type RefusalReason,
  refusalReasons,
  ZipMember,
} from "./dna/file-facts.ts";
export { FileName } from "./dna/file-name.ts";
export {
  FileOutcome,
  type FileReason,
  type FileStatus,
  fileReasons,
  fileStatuses,
  ItemCounts,
} from "./dna/file-outcome.ts";
export { DnaFlag, type FlagCode, flagCodes } from "./dna/flags.ts";
export { ModelUsage, PromptName } from "./dna/model-usage.ts";
export {
  isDnaCategory,
  MOST_DATA_POINTS,
  type Persona,
  PersonaAnswer,
  Personas,
  personaNames,
} from "./dna/persona.ts";
export { type PersonaTraits, personaTraits } from "./dna/traits.ts";
export { UserId } from "./dna/user-id.ts";
export { IncompatibleColumns, InvalidContract, UnsupportedAction } from "./errors.ts";
export {
  Execution,
  ExecutionPage,
  ExecutionStatus,
  ExecutionSummary,
  executionStatuses,
  RedrivenExecution,
  StateRun,
  StateStatus,
} from "./executions/execution.ts";
export { fieldFaults } from "./faults/field-faults.ts";
export {
  type CatalogueTable,
  catalogueDigestKey,
  catalogueDigestPrefix,
  catalogueQuarantineKey,
  catalogueTables,
} from "./features/catalogue-objects.ts";
export { type CleanTable, cleanGlueTable, cleanTables } from "./features/clean-tables.ts";
export {
  FeatureKeys,
  InteractionBatch,
  InteractionsTaken,
  OnlineFeatures,
  OnlineFeaturesBatch,
} from "./features/feature-api.ts";
export {
  CatalogueObject,
  CatalogueSnapshot,
  FeaturePlan,
  LandedCounts,
  LandingPart,
  landedPrefix,
  PlannedDay,
  quarantineKey,
  RawObject,
} from "./features/feature-plan.ts";
export {
  type Evidence,
  type Feature,
  type FeatureDefinition,
  type FeatureTable,
  featureGlueTable,
  recentDays,
} from "./features/feature-table.ts";
export { featureTables, interactionFeatures, itemFeatures, userFeatures } from "./features/feature-tables.ts";
export {
  Acceptance,
  CleanCatalogue,
  CleanDay,
  CleanSnapshot,
  CurrentFeatures,
  FeatureDay,
  FeatureObject,
  FeatureSet,
  FeaturesManifest,
  FeatureTableObjects,
  featurePointers,
  InteractionFeatures,
  Lineage,
  TrainingManifest,
} from "./features/features-manifest.ts";
export { FeatureValue, FeatureValues, OnlineItem } from "./features/online-item.ts";
export {
  type FeatureBin,
  FeatureDrift,
  FeatureProfile,
  FeaturesProfile,
  GroupProfile,
} from "./features/profile.ts";
export {
  cleanPrefix,
  FeatureAttempt,
  type FeatureGroup,
  type FeatureMode,
  FeatureRunId,
  featureGroups,
  featureModes,
  featurePlanKey,
  featuresManifestKey,
  featuresPrefix,
  profileKey,
  slicesKey,
  snapshotKey,
  trainingManifestKey,
  trainingPrefix,
} from "./features/run-names.ts";
export {
  catalogueProducts,
  catalogueUsers,
  deviceTypes,
  EVENT_TIME_FORM,
  InteractionEvent,
  interactions,
  interactionTypes,
} from "./features/sources.ts";
export { utcMoment } from "./features/utc-moment.ts";
export {
  LaterCatalogue,
  ValidatedDay,
  ValidationCheck,
  ValidationReport,
  validationReportKey,
} from "./features/validation-report.ts";
export { brokenRules } from "./records/broken-rules.ts";
export { decodeRecord } from "./records/decode-record.ts";
export { type ResolvedSource, resolveSource } from "./resolve-source.ts";
export { type TableContract, type TableDefinition, table } from "./table.ts";
export { contractFor, contracts, type TableName } from "./tables/contracts.ts";
export { type TableRule, tableRules } from "./tables/table-rules.ts";
export { JOINER } from "./text/joiners.ts";
export { oneLine } from "./text/shown-text.ts";
export { DigitalDnaInput } from "./workflows/digital-dna.ts";
export { FeaturePipelineInput } from "./workflows/feature-pipeline.ts";
export { isStartable, workflowInputs } from "./workflows/inputs.ts";
