import { describe, expect, test } from "vitest";
import { type CampaignResources, campaign } from "../../workflows/campaign.ts";
import { answers, call, campaignResources, input, payload, submit, turn } from "./campaign-answers.ts";
import { type Answers, execute, type Trace } from "./execute.ts";

type Agent = CampaignResources["agent"];

const markets = ["DE", "JP", "BR", "FR", "IN"];
const run = (more: Answers, agent: Partial<Agent> = {}): Promise<Trace> =>
  execute(
    "campaign",
    campaign({ ...campaignResources, agent: { ...campaignResources.agent, ...agent } }),
    { ...input, markets },
    { ...answers, ...more },
  );
const asked = ({ calls }: Trace, name: string) => calls.filter(({ state }) => state === name);
const output = ({ outcome }: Trace) => (outcome.status === "SUCCEEDED" ? outcome.output : outcome);
const times = <T>(count: number, of: (at: number) => T) => Array.from({ length: count }, (_, at) => of(at));
const aboutMarkets = (codes: readonly string[]) =>
  codes.map((market, at) => call("cultural_intelligence", { market }, `market-${at}`));
/** What one market takes at its worst. */
const { market: most } = campaignResources.agent;
const dear = payload({ market: "DE", summary: "Insight", tokens: most.tokens, cost_usd: most.costUsd });

describe("the tools of one turn", () => {
  test("are run once for what is called twelve times, and each call has its answer", async () => {
    const trace = await run({ Converse: [turn(aboutMarkets(times(12, () => "DE"))), submit] });

    expect(asked(trace, "UnderstandMarketTool")).toHaveLength(1);
    const [, second] = asked(trace, "Converse");
    const results = times(12, (at) => ({ ToolResult: { ToolUseId: `market-${at}` } }));
    expect(second?.arguments).toMatchObject({ Messages: [{}, {}, { Role: "user", Content: results }] });
    expect(JSON.stringify(second?.arguments).match(/It was called already/g)).toHaveLength(11);
  });

  test("are run once for searches by other words, and for what an earlier turn called", async () => {
    const search = (count: number) =>
      turn(times(count, (at) => call("data_enrichment", { keywords: `words ${at}` }, `call-${at}`)));

    const trace = await run({ Converse: [search(3), search(1), submit] });

    expect(asked(trace, "EnrichDataTool")).toHaveLength(1);
    expect(output(trace)).toMatchObject({ method: "bedrock_agent", turns: 3 });
  });

  test("may be asked about all the markets that a request can name", async () => {
    const everything = [call("image_analysis"), call("data_enrichment"), ...aboutMarkets(markets)];

    const trace = await run({ Converse: [turn(everything), submit], UnderstandMarketTool: [market()] });

    expect(asked(trace, "UnderstandMarketTool")).toHaveLength(5);
    expect(output(trace)).toMatchObject({ method: "bedrock_agent", reason: null });
  });

  test.each<[reason: "tokens" | "cost", agent: Partial<Agent>]>([
    ["tokens", { tokens: 4 * most.tokens }],
    ["cost", { costUsd: 4 * most.costUsd }],
  ])("are not begun when their worst could pass the limit of %s", async (reason, agent) => {
    const trace = await run({ Converse: [turn(aboutMarkets(markets))], UnderstandMarketTool: [dear] }, agent);

    expect(asked(trace, "UnderstandMarketTool")).toEqual([]);
    expect(output(trace)).toMatchObject({ method: "sequential", reason });
  });

  test("take no more than the agent may, with the worst of each", async () => {
    // The sequence takes nothing here, so that the sum is the agent's.
    const free = payload({ market: "DE", summary: "Insight", tokens: 0, cost_usd: 0 });
    const draft = { content_ideas: [], campaigns: [], images: [] };
    const model = { id: "nova", offline: false };

    const trace = await run({
      Converse: [turn(aboutMarkets([...markets, ...markets]))],
      UnderstandMarketTool: [dear],
      UnderstandMarket: [free],
      Synthesise: [payload({ draft, model, tokens: 0, cost_usd: 0 })],
    });

    const { tokens, costUsd } = campaignResources.agent;
    const taken = output(trace);
    expect(taken).toMatchObject({ status: "SUCCEEDED", tokens: expect.any(Number) });
    expect(Object(taken).tokens).toBeLessThanOrEqual(tokens);
    expect(Object(taken).cost_usd).toBeLessThanOrEqual(costUsd);
  });
});

describe("a tool that fails", () => {
  test("counts as all that it may take, as it does not say what it took", async () => {
    const trace = await run({
      Converse: [turn(aboutMarkets(["DE", "JP"])), submit],
      UnderstandMarketTool: ["ModelOutputInvalid", market()],
    });

    const one = await run({
      Converse: [turn(aboutMarkets(["DE", "JP"])), submit],
      UnderstandMarketTool: [market()],
    });
    const difference = Object(output(trace)).tokens - Object(output(one)).tokens;
    expect(difference).toBe(most.tokens - 3000);
  });

  test.each([
    ["a market that nobody asked for", { market: "Germany" }],
    ["markets in a list", { market: ["DE"] }],
    ["nothing", {}],
  ])("is not run for %s, and takes nothing", async (_, about) => {
    const trace = await run({ Converse: [turn([call("cultural_intelligence", about)]), submit] });

    expect(asked(trace, "UnderstandMarketTool")).toEqual([]);
    const [, second] = asked(trace, "Converse");
    expect(JSON.stringify(second?.arguments)).toContain("Give one of the markets that are asked for: DE, JP");
    expect(output(trace)).toMatchObject({ method: "bedrock_agent", tokens: 2200 });
  });

  test("takes nothing when it asks no model", async () => {
    const asks = [turn([call("image_analysis")]), submit];

    const failed = await run({ Converse: asks, AnalyseImageTool: ["ContractViolation"] });

    expect(output(failed)).toMatchObject(
      Object.fromEntries(
        Object.entries(Object(output(await run({ Converse: asks })))).filter(([name]) => name === "tokens"),
      ),
    );
  });
});

describe("a conversation in three bytes a character", () => {
  test("is reckoned at two tokens for each, before the next turn", async () => {
    const summary = (letter: string) => ({
      Converse: [turn([call("image_analysis")]), submit],
      AnalyseImageTool: [payload({ summary: letter.repeat(5000) })],
    });
    const agent = { tokens: 12_000 };

    const plain = await run(summary("a"), agent);
    const dense = await run(summary("器"), agent);

    expect(output(plain)).toMatchObject({ method: "bedrock_agent" });
    expect(output(dense)).toMatchObject({ method: "sequential", reason: "tokens" });
  });

  test("goes on when every tool has said as much as it may", async () => {
    const summary = "器".repeat(2000);
    const everything = [call("image_analysis"), call("data_enrichment"), ...aboutMarkets(markets)];

    const trace = await run({
      Converse: [turn(everything), turn(everything), submit],
      AnalyseImageTool: [payload({ summary })],
      EnrichDataTool: [payload({ summary })],
      UnderstandMarketTool: [payload({ summary, tokens: 500, cost_usd: 0.001 })],
    });

    expect(output(trace)).toMatchObject({ method: "bedrock_agent", turns: 3 });
  });

  test("is left for the sequence before it is longer than a state", async () => {
    const summary = "器".repeat(6000);
    const search = turn(times(12, (at) => call("data_enrichment", { keywords: "x" }, `call-${at}`)));
    const talk = turn([{ Text: "器".repeat(24_000) }, ...aboutMarkets(markets)]);

    const trace = await run({
      Converse: [search, talk],
      EnrichDataTool: [payload({ summary })],
      UnderstandMarketTool: [payload({ summary, tokens: 500, cost_usd: 0.001 })],
    });

    expect(output(trace)).toMatchObject({
      status: "SUCCEEDED",
      method: "sequential",
      reason: "conversation",
    });
  });
});

describe("the agent's time", () => {
  test("is what is left of it, for a turn as for each tool", async () => {
    const all = [call("image_analysis"), call("data_enrichment"), ...aboutMarkets(["DE"])];
    // Four seconds of backoff before the first turn.
    const Begin = ["DynamoDB.ThrottlingException", "DynamoDB.ThrottlingException", "States.Timeout", {}];

    const { history } = await run({ Begin, Converse: [turn(all), submit] }, { seconds: 20 });

    const limits = history.flatMap(({ type, details }) =>
      type === "TaskScheduled" ? [{ of: details?.resource, seconds: details?.timeoutInSeconds }] : [],
    );
    const turns = limits.filter(({ of }) => of === "converse");
    const first = limits.findIndex(({ of }) => of === "converse");
    const tools = limits.slice(first + 1, first + 4);
    expect(turns).toHaveLength(2);
    for (const { seconds } of [...turns, ...tools]) {
      expect(seconds).toBeLessThan(20);
      expect(seconds).toBeGreaterThanOrEqual(1);
    }
  });
});

function market() {
  return payload({ market: "DE", summary: "Insight", tokens: 3000, cost_usd: 0.005 });
}
