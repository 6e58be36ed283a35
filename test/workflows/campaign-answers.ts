import type { CampaignResources } from "../../workflows/campaign.ts";
import type { Answers } from "./execute.ts";

export const machine = "campaign";
export const product = "0a1b2c3d-0000-4000-8000-000000000001";
export const correlation = "0a1b2c3d-0000-4000-8000-000000000002";
export const conditionFailed = "DynamoDB.ConditionalCheckFailedException";
export const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });

const lambda = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const tool = (name: string) => ({
  name,
  description: `Does ${name}`,
  inputSchema: { json: { type: "object", properties: { about: { type: "string" } }, required: ["about"] } },
});

/** What campaign works with. The tools' schemas are not those of the contracts: a definition takes any. */
export const campaignResources: CampaignResources = {
  analyseImage: lambda("AnalyseImage"),
  enrichData: lambda("EnrichData"),
  understandMarket: lambda("UnderstandMarket"),
  synthesiseCampaign: lambda("SynthesiseCampaign"),
  checkCampaign: lambda("CheckCampaign"),
  storeCampaign: lambda("StoreCampaign"),
  productsTable: "products",
  imagesTable: "generated_images",
  runsTable: "Runs",
  imageQueue: "https://sqs.us-east-1.amazonaws.com/000000000000/image-requests",
  taskSeconds: 30,
  modelTaskSeconds: 60,
  marketConcurrency: 5,
  runSeconds: 300,
  agent: {
    available: true,
    modelId: "us.amazon.nova-pro-v1:0",
    prices: { input: 0.8, output: 3.2 },
    system: "You plan marketing campaigns for a product, with tools.",
    tools: ["image_analysis", "data_enrichment", "cultural_intelligence", "submit_campaign"].map(tool),
    turns: 5,
    calls: 24,
    callsPerTurn: 12,
    tokens: 120_000,
    costUsd: 0.15,
    market: { tokens: 20_000, costUsd: 0.025 },
    seconds: 40,
    answerTokens: 3000,
    conversationCharacters: 60_000,
  },
};

export const input = {
  product_id: product,
  correlation_id: correlation,
  user_id: "ana",
  key_owner: "ana",
  s3_bucket: "uploads",
  s3_key: "uploads/ana/20261121T154424Z_0a1b2c3d-0000-4000-8000-000000000003.jpg",
  markets: ["DE", "JP"],
  tier: 1,
  message: "Markets: DE, JP.",
};
export const bySequence = { ...input, tier: 2 };

/** A call of a tool, as it stands in Converse's answer. */
export const call = (Name: string, Input: unknown = {}, ToolUseId = `call-${Name}`) => ({
  ToolUse: { ToolUseId, Name, Input, Type: "server_tool_use" },
});
/** A turn of the model's. */
export const turn = (content: readonly unknown[], StopReason = "tool_use") => ({
  Output: { Message: { Role: "assistant", Content: content } },
  StopReason,
  Usage: { InputTokens: 1000, OutputTokens: 100, TotalTokens: 1100 },
});
export const draft = { content_ideas: [], campaigns: [], images: [] };
export const submit = turn([call("submit_campaign", draft)]);

const image = (request_id: string) => ({
  request_id,
  user_id: "ana",
  key_owner: "ana",
  campaign_id: product,
  prompt: "A cup on a table",
  style: "photographic",
  aspect_ratio: "1:1",
  status: "pending",
  seed: 7,
  created_at: "2026-11-21T16:00:00.000Z",
  expires_at: 1_797_868_800,
});
export const ids = ["0a1b2c3d-0000-8000-8000-000000000004", "0a1b2c3d-0000-8000-8000-000000000005"];
export const answer = { campaign_id: product, status: "completed" };
export const withoutImages = payload({ campaign: answer, images: [] });
export const withImages = payload({ campaign: answer, images: ids.map(image) });
export const stored = (incomplete: readonly unknown[] = []) =>
  payload({ status: "completed", method: "bedrock_agent", fallback_reason: null, images: 0, incomplete });
export const market = payload({ market: "DE", summary: "Insight", tokens: 500, cost_usd: 0.001 });
export const looked = payload({ state: "ok", summary: "Labels", labels: 3 });
export const found = payload({ state: "ok", summary: "Videos", videos: 10 });

/** What everything answers that goes well. */
export const answers: Answers = {
  AnalyseImageTool: [looked],
  EnrichDataTool: [found],
  UnderstandMarketTool: [market],
  CheckDraft: [withoutImages],
  AnalyseImage: [looked],
  EnrichData: [found],
  UnderstandMarket: [market],
  ReadProduct: [{ Item: { product_id: { S: product } } }],
  Synthesise: [payload({ draft, model: { id: "nova", offline: false }, tokens: 2000, cost_usd: 0.004 })],
  Check: [withoutImages],
  Store: [stored()],
};

export const begin = ["Accept", "Begin", "Tier"];
export const asks = ["Measure", "MayTurn", "Converse", "StopReason"];
export const uses = [...asks, "Tools", "Append"];
export const handsIn = [...asks, "CheckDraft", "HasImages"];
export const end = ["Store", "RecordRun", "Done"];
export const sequence = [
  ...["AnalyseImage", "EnrichData", "UnderstandMarkets", "ReadProduct", "Synthesise", "Check", "HasImages"],
  ...end,
];
/** Both markets. */
export const bothMarkets = { Market: ["Understand", "Understand"] };

/** What the machine puts out for the agent's campaign. */
export const done = (of: Readonly<Record<string, unknown>>) => ({
  status: "SUCCEEDED",
  product_id: product,
  method: "bedrock_agent",
  reason: null,
  turns: 1,
  tokens: 1100,
  cost_usd: 0.00112,
  images: 0,
  ...of,
});
/** The same for the sequence's. */
export const bySteps = (of: Readonly<Record<string, unknown>>) =>
  // Two markets and a synthesis.
  done({ method: "sequential", turns: 0, tokens: 3000, cost_usd: 0.006, ...of });
