import { beforeAll, describe, expect, test } from "vitest";
import { type CampaignResources, campaign } from "../../workflows/campaign.ts";
import {
  answers,
  call,
  campaignResources,
  correlation,
  input,
  product,
  submit,
  turn,
} from "./campaign-answers.ts";
import { type Answers, execute, type Trace } from "./execute.ts";

type Agent = CampaignResources["agent"];

const run = (agent: Partial<Agent>, more: Answers, asked: object = input): Promise<Trace> =>
  execute(
    "campaign",
    campaign({ ...campaignResources, agent: { ...campaignResources.agent, ...agent } }),
    asked,
    { ...answers, ...more },
  );
const entered = ({ states }: Trace, name: string) => states.filter((state) => state === name).length;
const asked = ({ calls }: Trace, name: string) => calls.filter(({ state }) => state === name);
const lookAgain = turn([call("image_analysis")]);
/** Four seconds of backoff before the first turn. */
const slowly = {
  Begin: ["DynamoDB.ThrottlingException", "DynamoDB.ThrottlingException", "States.Timeout", {}],
};

describe("what an agent may take", () => {
  test.each<[limit: string, agent: Partial<Agent>, more: Answers, turns: number]>([
    ["turns", { turns: 2 }, {}, 2],
    ["tokens", { tokens: 1100 + 3000 + 200 }, {}, 1],
    ["cost", { costUsd: 0.011 }, {}, 1],
    ["conversation", { conversationCharacters: 200 }, {}, 1],
    ["calls", { calls: 2 }, {}, 3],
    ["seconds", { seconds: 2 }, slowly, 0],
  ])("ends at its limit of %s, and the sequence makes the campaign", async (reason, agent, more, turns) => {
    const trace = await run(agent, { Converse: [lookAgain], ...more });

    expect(trace.outcome).toMatchObject({
      status: "SUCCEEDED",
      output: { method: "sequential", reason, turns },
    });
    expect(entered(trace, "Converse")).toBe(turns);
    expect(asked(trace, "FallBack")[0]?.arguments).toMatchObject({
      ConditionExpression: "correlation_id = :correlation",
      ExpressionAttributeValues: { ":fallback_reason": { S: reason }, ":correlation": { S: correlation } },
    });
  });

  test("no turn is begun that could take more tokens than there are left", async () => {
    const most = 20_000;

    const trace = await run({ tokens: most, turns: 50 }, { Converse: [lookAgain] });

    const output = trace.outcome.status === "SUCCEEDED" ? trace.outcome.output : undefined;
    expect(output).toMatchObject({ reason: "tokens" });
    const taken = entered(trace, "Converse") * 1100;
    expect(taken).toBeLessThanOrEqual(most - campaignResources.agent.answerTokens);
    expect(taken).toBeGreaterThan(most / 4);
  });

  test("a model that the machine cannot ask is never asked by it", async () => {
    const trace = await run({ available: false }, {});

    expect(trace.outcome).toMatchObject({
      status: "SUCCEEDED",
      output: { method: "sequential", reason: "not_available" },
    });
    expect(entered(trace, "Converse")).toBe(0);
  });
});

describe("a conversation", () => {
  let trace: Trace;
  beforeAll(async () => {
    const looks = turn([
      { Text: "  " },
      { Text: "I look.", CitationsContent: null },
      { ReasoningContent: { ReasoningText: { Text: "Hm" } } },
      call("image_analysis", { max_labels: 500, product_id: "another" }, "a"),
      call("cultural_intelligence", { market: 7 }, "b"),
      call("erase_user", { user: "ana" }, "c"),
      call("data_enrichment", { keywords: "k".repeat(500) }, "d"),
      call("cultural_intelligence", { market: "DE", product_id: "another" }, "e"),
    ]);
    trace = await run({}, { Converse: [looks, submit], UnderstandMarketTool: ["ModelOutputInvalid"] });
  });

  test("sends back the model's blocks as Converse takes them, and an answer to every call in their order", () => {
    const [, second] = asked(trace, "Converse");

    expect(second?.arguments).toMatchObject({
      Messages: [
        { Role: "user", Content: [{ Text: input.message }] },
        {
          Role: "assistant",
          Content: [
            { Text: "I look." },
            {
              ToolUse: {
                ToolUseId: "a",
                Name: "image_analysis",
                Input: { max_labels: 500, product_id: "another" },
              },
            },
            { ToolUse: { ToolUseId: "b", Name: "cultural_intelligence", Input: { market: 7 } } },
            { ToolUse: { ToolUseId: "c", Name: "erase_user", Input: { user: "ana" } } },
            { ToolUse: { ToolUseId: "d", Name: "data_enrichment" } },
            { ToolUse: { ToolUseId: "e", Name: "cultural_intelligence" } },
          ],
        },
        {
          Role: "user",
          Content: [
            { ToolResult: { ToolUseId: "a", Status: "success", Content: [{ Text: "Labels" }] } },
            {
              ToolResult: {
                ToolUseId: "b",
                Status: "error",
                Content: [{ Text: "Give one of the markets that are asked for: DE, JP." }],
              },
            },
            {
              ToolResult: {
                ToolUseId: "c",
                Status: "error",
                Content: [
                  {
                    Text: "There is no tool of that name. There are: image_analysis, data_enrichment, cultural_intelligence.",
                  },
                ],
              },
            },
            { ToolResult: { ToolUseId: "d", Status: "success", Content: [{ Text: "Videos" }] } },
            {
              ToolResult: {
                ToolUseId: "e",
                Status: "error",
                Content: [{ Text: "It failed: ModelOutputInvalid. Go on without it." }],
              },
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(second?.arguments)).not.toContain('"Type"');
  });

  test("says itself which product a tool is about, and keeps the model's wishes within the contract", () => {
    const own = { run_id: correlation, product_id: product };

    expect(asked(trace, "AnalyseImageTool")[0]?.arguments).toMatchObject({
      Payload: { ...own, max_labels: 50 },
    });
    expect(asked(trace, "EnrichDataTool")[0]?.arguments).toMatchObject({
      Payload: { ...own, keywords: "k".repeat(80) },
    });
    expect(asked(trace, "UnderstandMarketTool")[0]?.arguments).toMatchObject({
      Payload: { ...own, market: "DE" },
    });
  });

  test("ends with the draft as the model called it, and the model that spoke", () => {
    expect(asked(trace, "CheckDraft")[0]?.arguments).toMatchObject({
      Payload: {
        run_id: correlation,
        product_id: product,
        draft: { content_ideas: [], campaigns: [], images: [] },
        method: "bedrock_agent",
        model: { id: campaignResources.agent.modelId, offline: false },
        fallback_reason: null,
        missing: [],
      },
    });
  });

  test("knows the local cloud's stand-in by what it says of itself", async () => {
    const offline = {
      ...submit,
      AdditionalModelResponseFields: { name: "penstock-offline-rules", offline: true },
    };

    const local = await run({}, { Converse: [offline] });

    expect(asked(local, "CheckDraft")[0]?.arguments).toMatchObject({
      Payload: { model: { id: "penstock-offline-rules", offline: true } },
    });
  });
});

test("the sequence is told what it has to do without", async () => {
  const trace = await run(
    {},
    { EnrichData: ["UpstreamUnavailable"], UnderstandMarket: ["ModelOutputInvalid"] },
    { ...input, tier: 2 },
  );

  const missing = [
    { step: "data_enrichment", market: null, reason: "UpstreamUnavailable" },
    { step: "cultural_intelligence", market: "DE", reason: "ModelOutputInvalid" },
    { step: "cultural_intelligence", market: "JP", reason: "ModelOutputInvalid" },
  ];
  expect(asked(trace, "Synthesise")[0]?.arguments).toMatchObject({
    Payload: { item: { product_id: { S: product } }, missing },
  });
  expect(asked(trace, "Check")[0]?.arguments).toMatchObject({
    Payload: { method: "sequential", fallback_reason: "asked_for", missing, model: { id: "nova" } },
  });
});
