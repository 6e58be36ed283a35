import type { DnaSettings } from "@penstock/dna";

/** Digital DNA's own part of the stage's settings. */
export interface DnaStageSettings
  extends Pick<DnaSettings, "automaticBytes" | "handBytes" | "categorise" | "personas"> {
  readonly model: DnaSettings["model"] & {
    /** The model behind Bedrock's inference profile, and the regions that it may pass a request on to. */
    readonly foundationModel: string;
    readonly foundationRegions: readonly string[];
  };
  /** Memory of DuckDB in the task that reads, inside `lambda.memoryMb`: exports are small, their masks are not many. */
  readonly duckdbMemoryMb: number;
  /** Memory of the tasks that write, and of those that wait for a model. */
  readonly memoryMb: number;
  readonly modelMemoryMb: number;
  /** Longest that a task which asks a model takes: two replies of `model.modelSeconds`, and what is around them. */
  readonly modelTaskSeconds: number;
  /** Chunks of one file that a model is asked about side by side. */
  readonly chunkConcurrency: number;
  /** Wait after the first document, so that documents that arrive together make one build of the personas. */
  readonly windowSeconds: number;
  /** How long the lease on a person's personas holds without being renewed. */
  readonly leaseSeconds: number;
  /** Wait between the mark of an erased person and the erasing: whoever found them active has ended then. */
  readonly graceSeconds: number;
  /** Longest that an execution takes. */
  readonly runHours: number;
  /** Tokens of the model a day that operations are told of. */
  readonly dailyTokens: number;
}

const MIB = 1024 ** 2;

/** The same for every stage. */
export const dna: DnaStageSettings = {
  automaticBytes: 10 * MIB,
  // A table takes some 50 MB of memory and two seconds for each MB: this is what fits into `lambda`.
  handBytes: 32 * MIB,
  model: {
    provider: "bedrock",
    modelId: "us.amazon.nova-pro-v1:0",
    modelRegion: "us-east-1",
    modelSeconds: 90,
    // On demand in us-east-1, USD. Source: https://aws.amazon.com/bedrock/pricing/, November 2026.
    prices: { input: 0.8, output: 3.2 },
    foundationModel: "amazon.nova-pro-v1:0",
    foundationRegions: ["us-east-1", "us-east-2", "us-west-2"],
  },
  categorise: {
    chunkTokens: 12_000,
    answerTokens: 3000,
    chunks: 240,
    runTokens: 8_000_000,
    runCostUsd: 10,
    byHand: 5,
  },
  personas: { inputTokens: 24_000, answerTokens: 2000 },
  duckdbMemoryMb: 512,
  memoryMb: 1024,
  modelMemoryMb: 512,
  modelTaskSeconds: 300,
  chunkConcurrency: 5,
  windowSeconds: 20,
  leaseSeconds: 3600,
  graceSeconds: 1200,
  runHours: 12,
  dailyTokens: 20_000_000,
};
