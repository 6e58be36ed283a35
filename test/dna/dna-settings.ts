import type { DnaSettings } from "@penstock/dna";

/** Settings as a deployment has them, with names of a test's own. */
export const settings: DnaSettings = {
  data: "dna-data",
  work: "dna-work",
  peopleTable: "people",
  filesTable: "files",
  automaticBytes: 10 * 1024 * 1024,
  handBytes: 32 * 1024 * 1024,
  model: {
    provider: "bedrock",
    modelId: "us.amazon.nova-pro-v1:0",
    modelRegion: "us-east-1",
    modelSeconds: 90,
    prices: { input: 0.8, output: 3.2 },
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
  memoryMb: 512,
};
