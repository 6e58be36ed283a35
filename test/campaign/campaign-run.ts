import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
} from "@aws-sdk/client-bedrock-runtime";
import {
  AnalyseImageInput,
  analyseImage,
  CheckCampaignInput,
  campaignAgentV1,
  checkCampaign,
  type DetectedLabel,
  EnrichDataInput,
  type EnrichPorts,
  enrichData,
  type ModelPorts,
  StoreCampaignInput,
  SynthesiseCampaignInput,
  storeCampaign,
  synthesiseCampaign,
  toolSpecs,
  UnderstandMarketInput,
  understandMarket,
} from "@penstock/campaign";
import { agentMessage } from "@penstock/campaign/requests";
import type { CampaignAnswer, CampaignInput, ProductRecord } from "@penstock/contracts";
import { NamedError } from "@penstock/runtime/errors";
import { bedrockModel, newBedrockClient } from "@penstock/runtime/model";
import * as v from "valibot";
import type { SearchedVideo } from "../../packages/campaign/src/enrich/youtube.ts";
import { sdkShape } from "../../packages/local/src/cloud/integrations/sdk-shape.ts";
import {
  fastClock,
  parseDefinition,
  startExecution,
  type TaskCall,
  TaskFailure,
} from "../../packages/local/src/engine/index.ts";
import { parseInput } from "../../packages/runtime/src/task/input.ts";
import { campaign } from "../../workflows/campaign.ts";
import { noted } from "../runtime/model/form.ts";
import { settings } from "./campaign-settings.ts";
import { dynamoItem } from "./dynamo-item.ts";
import { type MemoryRecords, memoryRecords } from "./memory-records.ts";
import { AT } from "./product-fixture.ts";

/** What the world outside says of a product. */
export interface World {
  readonly labels: readonly DetectedLabel[];
  readonly videos: readonly SearchedVideo[];
}

/** How a campaign went. */
export interface Outcome {
  /** Undefined where even the sequence came to nothing. */
  readonly answer: CampaignAnswer | undefined;
  /** The error that it came to nothing by. */
  readonly error: string | undefined;
  /** Functions that were run, by name. */
  readonly functions: readonly string[];
  /** Those of them that the agent's calls ran. */
  readonly tools: readonly string[];
  /** The limits that the machine counted. */
  readonly output: unknown;
  readonly records: MemoryRecords;
  /** Messages in the queue of pictures. */
  readonly messages: readonly string[];
  /** What YouTube was asked. */
  readonly queries: readonly string[];
}

/** The machine as it is deployed, with names that are read well. */
const definition = campaign({
  analyseImage: "analyse-image",
  enrichData: "enrich-data",
  understandMarket: "understand-market",
  synthesiseCampaign: "synthesise-campaign",
  checkCampaign: "check-campaign",
  storeCampaign: "store-campaign",
  productsTable: "products",
  runsTable: "runs",
  imagesTable: "generated_images",
  imageQueue: "https://sqs.us-east-1.amazonaws.com/000000000000/images",
  taskSeconds: 30,
  modelTaskSeconds: 60,
  marketConcurrency: 5,
  runSeconds: 300,
  agent: {
    available: true,
    modelId: settings.model.modelId,
    prices: settings.model.prices,
    system: campaignAgentV1.system,
    tools: toolSpecs,
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
});
const machine = parseDefinition(JSON.parse(JSON.stringify(definition)));

/** Waiting takes no time; work takes as long as it does. */
const TIMES = 1000;

const Invoked = v.object({ FunctionName: v.string(), Payload: v.unknown() });
const OfProduct = v.object({ Key: v.object({ product_id: v.object({ S: v.string() }) }) });
const Sent = v.object({ MessageBody: v.string() });

/**
 * A campaign by the real state machine and the real tasks, over records in memory: Converse goes to Bedrock's client, pictures
 * into a list.
 */
export async function runCampaign(record: ProductRecord, world: World): Promise<Outcome> {
  const records = memoryRecords(record);
  const functions: string[] = [];
  const tools: string[] = [];
  const messages: string[] = [];
  const queries: string[] = [];
  const client = newBedrockClient("us-east-1");
  const invoke = tasksOver(records, world, client, queries);

  async function call({ resource, arguments: given, state }: TaskCall): Promise<unknown> {
    switch (resource) {
      case "arn:aws:states:::lambda:invoke": {
        const { FunctionName, Payload } = v.parse(Invoked, given);
        functions.push(FunctionName);
        if (state.name.endsWith("Tool")) tools.push(FunctionName);
        return { Payload: await invoke(FunctionName, Payload) };
      }
      case "arn:aws:states:::aws-sdk:bedrockruntime:converse":
        return converse(client, given);
      case "arn:aws:states:::dynamodb:getItem":
        return { Item: dynamoItem(records.now(v.parse(OfProduct, given).Key.product_id.S)) };
      case "arn:aws:states:::sqs:sendMessage":
        messages.push(v.parse(Sent, given).MessageBody);
        return {};
      default:
        // Notes in the records of product and run, and records of pictures: what they say is the machine's own tests'.
        return {};
    }
  }

  const { result } = startExecution(machine, {
    arn: `arn:aws:states:us-east-1:000000000000:execution:campaign:${record.correlation_id}`,
    name: record.correlation_id,
    machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:campaign",
    roleArn: "arn:aws:iam::000000000000:role/test",
    input: inputOf(record),
    services: { call },
    clock: fastClock(TIMES),
  });
  const ended = await result;
  client.destroy();
  const { campaign } = records.now(record.product_id);
  const failed = ended.status !== "SUCCEEDED";
  return {
    answer: campaign?.campaign_data,
    error: failed ? ended.error : undefined,
    functions,
    tools,
    output: failed ? undefined : ended.output,
    records,
    messages,
    queries,
  };
}

function inputOf(record: ProductRecord): CampaignInput {
  const { product_id, correlation_id, user_id, key_owner, s3_bucket, s3_key, request } = record;
  const { target_markets: markets, tier } = request;
  return {
    ...{ product_id, correlation_id, user_id, key_owner, s3_bucket, s3_key, markets, tier },
    message: agentMessage(record),
  };
}

/** The functions by their names; each parses its event as it does in its Lambda, and fails by its error's name. */
function tasksOver(records: MemoryRecords, world: World, client: BedrockRuntimeClient, queries: string[]) {
  const ports: ModelPorts & EnrichPorts = {
    records,
    settings,
    now: () => AT,
    model: bedrockModel(client, settings.model.modelId, { seconds: 30 }),
    metrics: noted().metrics,
    youtube: {
      async search(query) {
        queries.push(query);
        return { found: world.videos };
      },
      counts: async () => ({ found: new Map() }),
    },
    // Of another campaign nothing is known: what this one finds is its own.
    cache: {
      find: async () => undefined,
      keep: async () => {},
      quotaSpent: async () => false,
      spendQuota: async () => {},
    },
  };
  const detector = { detect: async () => ({ labels: world.labels, modelVersion: "3.0" }) };
  const functions: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
    "analyse-image": (event) => analyseImage(parseInput(AnalyseImageInput, event), { ...ports, detector }),
    "enrich-data": (event) => enrichData(parseInput(EnrichDataInput, event), ports),
    "understand-market": (event) => understandMarket(parseInput(UnderstandMarketInput, event), ports),
    "synthesise-campaign": (event) => synthesiseCampaign(parseInput(SynthesiseCampaignInput, event), ports),
    "check-campaign": (event) => checkCampaign(parseInput(CheckCampaignInput, event), ports),
    "store-campaign": (event) => storeCampaign(parseInput(StoreCampaignInput, event), ports),
  };
  return async (name: string, event: unknown): Promise<unknown> => {
    const run = functions[name];
    if (run === undefined) throw new Error(`there is no function ${name}`);
    try {
      return JSON.parse(JSON.stringify(await run(event)));
    } catch (error) {
      if (error instanceof NamedError) throw new TaskFailure(error.name, error.message);
      throw error;
    }
  };
}

const IsRecord = v.record(v.string(), v.unknown());
const isRequest = v.custom<ConverseCommandInput>((value) => v.is(IsRecord, value));

/** Converse as Step Functions asks it: in PascalCase, by the SDK's own schema. */
async function converse(client: BedrockRuntimeClient, given: unknown): Promise<unknown> {
  const none = new ConverseCommand({ modelId: "", messages: [] });
  const shape = sdkShape(Reflect.get(none, "schema"));
  const command = new ConverseCommand(v.parse(isRequest, shape.toSdk(v.parse(IsRecord, given))));
  try {
    const { $metadata: _, ...answer } = await client.send(command);
    return JSON.parse(JSON.stringify(shape.fromSdk(answer)));
  } catch (error) {
    throw new TaskFailure(`BedrockRuntime.${error instanceof Error ? error.name : ""}`, "");
  }
}
