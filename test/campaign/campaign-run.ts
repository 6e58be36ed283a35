import {
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type Message,
  type ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import {
  AnalyseImageInput,
  analyseImage,
  campaignAgentV1,
  checkCampaign,
  type DetectedLabel,
  type ModelPorts,
  SUBMIT,
  storeCampaign,
  synthesiseCampaign,
  toolSpecs,
  UnderstandMarketInput,
  understandMarket,
} from "@penstock/campaign";
import { agentMessage } from "@penstock/campaign/requests";
import type {
  CampaignAnswer,
  GenerationMethod,
  MissingPart,
  ProductRecord,
  YoutubeData,
} from "@penstock/contracts";
import { ErrorNames, InvalidInput, NamedError } from "@penstock/runtime/errors";
import { bedrockModel, newBedrockClient } from "@penstock/runtime/model";
import * as v from "valibot";
import { noted } from "../runtime/model/form.ts";
import { settings } from "./campaign-settings.ts";
import { dynamoItem } from "./dynamo-item.ts";
import { type MemoryRecords, memoryRecords } from "./memory-records.ts";
import { AT } from "./product-fixture.ts";

/** What the world outside says of a product. */
export interface World {
  readonly labels: readonly DetectedLabel[];
  readonly videos: YoutubeData;
}

/** How a campaign went. */
export interface Outcome {
  /** Undefined where even the sequence came to nothing. */
  readonly answer: CampaignAnswer | undefined;
  /** The error that it came to nothing by. */
  readonly error: string | undefined;
  /** Tools that were run, with the product that each was about. */
  readonly tools: readonly string[];
  /** Calls that the agent made, by name. */
  readonly called: readonly string[];
  readonly records: MemoryRecords;
}

/** Limits of the agent, as the settings of a deployment have them. */
const TURNS = 5;
const CALLS = 24;
const CALLS_OF_A_TURN = 12;

type ToolBlock = NonNullable<ContentBlock["toolUse"]>;
type Refused = { readonly reason: string };

/**
 * Runs the tasks of a campaign over records in memory, in the order of the state machine and with its limits: the agent's
 * turns, and the sequence where they come to nothing.
 */
export async function runCampaign(record: ProductRecord, world: World): Promise<Outcome> {
  const records = memoryRecords(record);
  const tools: string[] = [];
  const called: string[] = [];
  const client = newBedrockClient("us-east-1");
  const ports: ModelPorts = {
    records,
    settings,
    now: () => AT,
    model: bedrockModel(client, settings.model.modelId, { seconds: 30 }),
    metrics: noted().metrics,
  };
  const run = { run_id: record.correlation_id, product_id: record.product_id };
  const detector = { detect: async () => ({ labels: world.labels, modelVersion: "3.0" }) };
  const enrich = async () => {
    const { youtube_data } = await records.read(run.product_id);
    if (youtube_data === undefined) await records.putYoutubeData(run.product_id, world.videos);
  };
  const functions = new Map<string, (input: Readonly<Record<string, unknown>>) => Promise<string>>([
    [
      "image_analysis",
      async ({ max_labels }) =>
        (await analyseImage(taskInput(AnalyseImageInput, { ...run, max_labels }), { ...ports, detector }))
          .summary,
    ],
    [
      "data_enrichment",
      async () => {
        await enrich();
        return "Videos were looked for.";
      },
    ],
    [
      "cultural_intelligence",
      async ({ market }) =>
        (await understandMarket(taskInput(UnderstandMarketInput, { ...run, market }), ports)).summary,
    ],
  ]);

  async function store(draft: unknown, reason: string | null, missing: readonly MissingPart[]) {
    const method: GenerationMethod = reason === null ? "bedrock_agent" : "sequential";
    const model = { id: settings.model.modelId, offline: false };
    const input = { ...run, draft, method, model, fallback_reason: reason, missing: [...missing] };
    const { campaign, images } = await checkCampaign(input, ports);
    await storeCampaign({ ...run, campaign, queued: images.map(({ request_id }) => request_id) }, ports);
  }

  async function toolResult({ toolUseId, name = "", input }: ToolBlock): Promise<ContentBlock> {
    const done = functions.get(name);
    const result = (text: string, status: "success" | "error"): ContentBlock => ({
      toolResult: { toolUseId, status, content: [{ text }] },
    });
    if (done === undefined)
      return result(
        `There is no tool of that name. There are: ${[...functions.keys()].join(", ")}.`,
        "error",
      );
    tools.push(name);
    const given = v.safeParse(v.record(v.string(), v.unknown()), input);
    return done(given.success ? given.output : {})
      .then((text) => result(text, "success"))
      .catch((error: unknown) => result(refusedBy(error).reason, "error"));
  }

  async function agent(): Promise<Refused | undefined> {
    let messages: Message[] = [{ role: "user", content: [{ text: agentMessage(record) }] }];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const { output, stopReason } = await converse(client, messages);
      const calls = (output?.message?.content ?? []).flatMap(({ toolUse }) =>
        toolUse === undefined ? [] : [toolUse],
      );
      called.push(...calls.map(({ name }) => String(name)));
      const handedIn = calls.find(({ name }) => name === SUBMIT);
      if (stopReason === "tool_use" && handedIn !== undefined) {
        // A state has at most 256 KiB.
        if (JSON.stringify(handedIn.input).length > 256 * 1024) return { reason: "States.DataLimitExceeded" };
        return store(handedIn.input, null, []).then(() => undefined, refusedBy);
      }
      if (stopReason !== "tool_use") return { reason: String(stopReason) };
      if (calls.length === 0 || calls.length > CALLS_OF_A_TURN || called.length > CALLS)
        return { reason: "calls" };
      const said = calls.map((toolUse): ContentBlock => ({ toolUse }));
      const content = await Promise.all(calls.map(toolResult));
      messages = [...messages, { role: "assistant", content: said }, { role: "user", content }];
    }
    return { reason: "turns" };
  }

  async function sequence({ reason }: Refused): Promise<void> {
    await analyseImage(run, { ...ports, detector });
    await enrich();
    const markets = record.request.target_markets.map(async (market): Promise<MissingPart[]> => {
      try {
        await understandMarket({ ...run, market }, ports);
        return [];
      } catch (error) {
        return [{ step: "cultural_intelligence", market, reason: refusedBy(error).reason }];
      }
    });
    const missing = (await Promise.all(markets)).flat();
    const item = dynamoItem(records.now(run.product_id));
    const { draft } = await synthesiseCampaign({ ...run, item, missing }, ports);
    await store(draft, reason, missing);
  }

  const refused = record.request.tier === 2 ? { reason: "asked_for" } : await agent();
  const error = refused && (await sequence(refused).then(() => undefined, refusedBy));
  client.destroy();
  const { campaign } = records.now(run.product_id);
  return { answer: campaign?.campaign_data, error: error?.reason, tools, called, records };
}

/** @throws a defect, which no test takes for a refusal */
function refusedBy(error: unknown): Refused {
  if (error instanceof NamedError && error.name !== ErrorNames.Unexpected) return { reason: error.name };
  throw error;
}

/** A task's input, as the task itself takes it. */
function taskInput<Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  throw new InvalidInput("the input does not have the task's shape");
}

function converse(client: BedrockRuntimeClient, messages: Message[]) {
  const toolConfig: ToolConfiguration = JSON.parse(
    JSON.stringify({ tools: toolSpecs.map((toolSpec) => ({ toolSpec })), toolChoice: { auto: {} } }),
  );
  return client.send(
    new ConverseCommand({
      modelId: settings.model.modelId,
      system: [{ text: campaignAgentV1.system }],
      messages,
      toolConfig,
      inferenceConfig: { maxTokens: 3000, temperature: 0 },
    }),
  );
}
