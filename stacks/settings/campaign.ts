import type { Rate } from "@penstock/assets";
import type { CampaignSettings } from "@penstock/campaign";

/** Campaigns' own part of the stage's settings. */
export interface CampaignStageSettings
  extends Pick<CampaignSettings, "market" | "synthesis" | "labels" | "youtube"> {
  readonly model: CampaignSettings["model"] & {
    /** The model behind Bedrock's inference profile, and the regions that it may pass a request on to. */
    readonly foundationModel: string;
    readonly foundationRegions: readonly string[];
  };
  /** What the agent of tier 1 may take. What is more is left to the sequence of tier 2. */
  readonly agent: {
    readonly turns: number;
    /** Calls of tools in all, and in one turn. */
    readonly calls: number;
    readonly callsPerTurn: number;
    /** Of all turns with their tools, in and out; also the worst that the next turn can take counts. */
    readonly tokens: number;
    readonly costUsd: number;
    /** Since the execution began: after it no turn begins, and nothing of the agent's works on. */
    readonly seconds: number;
    /** Most tokens of one answer. */
    readonly answerTokens: number;
    /** Most characters of the conversation, as JSON: a state of Step Functions holds 256 KiB, and a character is up to 4 bytes. */
    readonly conversationCharacters: number;
  };
  /** How long a request waits for its campaign: with it the function ends before `api.timeoutSeconds`. */
  readonly waitSeconds: number;
  /** How long a campaign answers equal requests. */
  readonly storeHours: number;
  /** Longest that an execution takes: an agent that is left, and a sequence with some of its retries. */
  readonly runSeconds: number;
  /** Memory of the tasks. */
  readonly memoryMb: number;
  /** Longest that a task takes, and one that asks a model: two replies of `model.modelSeconds`, and what is around them. */
  readonly taskSeconds: number;
  readonly modelTaskSeconds: number;
  /** Markets that a model is asked about side by side. */
  readonly marketConcurrency: number;
  /** An execution that takes longer raises the alarm. */
  readonly slowMinutes: number;
  /** Share (0–1) of the campaigns that asked for the agent and came from the sequence, above which operations are told. */
  readonly fallBackFraction: number;
  /** USD that the texts of a day's campaigns may cost before operations are told. Pictures have an alarm of their own. */
  readonly dailyCostUsd: number;
  /** Campaigns of one user. */
  readonly rates: { readonly campaign: Rate };
}

/** The same for every stage. */
export const campaign: CampaignStageSettings = {
  model: {
    provider: "bedrock",
    modelId: "us.amazon.nova-pro-v1:0",
    modelRegion: "us-east-1",
    // As long as the longest answer takes at some 90 tokens a second.
    modelSeconds: 45,
    // On demand in us-east-1, USD. Source: https://aws.amazon.com/bedrock/pricing/, November 2026.
    prices: { input: 0.8, output: 3.2 },
    foundationModel: "amazon.nova-pro-v1:0",
    foundationRegions: ["us-east-1", "us-east-2", "us-west-2"],
  },
  agent: {
    turns: 5,
    calls: 24,
    callsPerTurn: 12,
    tokens: 120_000,
    costUsd: 0.15,
    seconds: 40,
    answerTokens: 3000,
    conversationCharacters: 60_000,
  },
  // All the markets that a request may name are within what the agent may take: it begins none that could pass it.
  market: { tokens: 20_000, costUsd: 0.025, answerTokens: 1200 },
  synthesis: { tokens: 60_000, costUsd: 0.1, answerTokens: 4000 },
  // The owners' own numbers.
  labels: { most: 50, confidence: 75 },
  youtube: { url: "https://www.googleapis.com/youtube/v3", videos: 10, seconds: 5, cacheHours: 24 },
  waitSeconds: 25,
  storeHours: 24,
  runSeconds: 600,
  memoryMb: 512,
  taskSeconds: 30,
  modelTaskSeconds: 100,
  marketConcurrency: 5,
  slowMinutes: 4,
  fallBackFraction: 0.5,
  dailyCostUsd: 50,
  rates: { campaign: { burst: 5, perHour: 20 } },
};
