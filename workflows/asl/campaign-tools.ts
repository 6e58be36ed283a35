import { type CampaignTasksOf, type campaignTasks, ofCampaign, remaining } from "./campaign-tasks.ts";
import { flow, jsonata } from "./define.ts";
import { retryTool } from "./retries.ts";
import type { Flow, Template } from "./states.ts";

/** A tool as Converse is told of it; the schema is JSON Schema. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly json: object };
}

/** What the tools are: functions by ARN. */
export interface CampaignToolsOf extends CampaignTasksOf {
  readonly analyseImage: string;
  readonly enrichData: string;
  readonly understandMarket: string;
  readonly agent: {
    readonly tools: readonly AgentTool[];
    /** Since the execution began: after it no turn begins, and no tool works on. */
    readonly seconds: number;
    /** What one question about a market may take of tokens and money. */
    readonly market: { readonly tokens: number; readonly costUsd: number };
  };
}

/** The tool whose input is the draft. It is run by nobody. */
export const SUBMIT = "submit_campaign";

/** The tool that asks a model, about one market. */
export const MARKETS = "cultural_intelligence";

/** One call of a tool: what it is about is said here, what of it matters little by the model. */
export function campaignTools(
  { analyseImage, enrichData, understandMarket, agent }: CampaignToolsOf,
  invoke: ReturnType<typeof campaignTasks>["invoke"],
): Flow {
  const names = agent.tools.map(({ name }) => name).filter((name) => name !== SUBMIT);
  const given = "$states.input.Input";
  const result = (
    status: "success" | "error",
    text: string,
    tokens: Template = 0,
    cost_usd: Template = 0,
  ) => ({
    ToolResult: {
      ToolUseId: jsonata("$states.input.ToolUseId"),
      Status: status,
      Content: [{ Text: text }],
    },
    tokens,
    cost_usd,
  });
  const done = (spent: { readonly tokens: number; readonly cost_usd: number }) =>
    ({
      TimeoutSeconds: remaining(agent.seconds),
      Retry: [retryTool],
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Output: {
            ToolUseId: jsonata("$states.input.ToolUseId"),
            error: jsonata("$states.errorOutput.Error"),
            ...spent,
          },
          Next: "FailedTool",
        },
      ],
      End: true,
    }) as const;
  const nothing = { tokens: 0, cost_usd: 0 };
  // Who fails does not say what was taken: all that may have been.
  const all = { tokens: agent.market.tokens, cost_usd: agent.market.costUsd };
  const summary = jsonata("$states.result.Payload.summary");

  return flow("WhichTool", {
    WhichTool: {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$states.input.Repeated"), Next: "RepeatedTool" },
        { Condition: jsonata("$states.input.Name = 'image_analysis'"), Next: "AnalyseImageTool" },
        { Condition: jsonata("$states.input.Name = 'data_enrichment'"), Next: "EnrichDataTool" },
        {
          Condition: jsonata(`$states.input.Name = '${MARKETS}' and ${given}.market in $markets`),
          Next: "UnderstandMarketTool",
        },
        { Condition: jsonata(`$states.input.Name = '${MARKETS}'`), Next: "OtherMarketTool" },
      ],
      Default: "UnknownTool",
    },
    AnalyseImageTool: {
      ...invoke(analyseImage, {
        ...ofCampaign,
        max_labels: jsonata(
          `$type(${given}.max_labels) = 'number' ? $max([1, $min([50, $floor(${given}.max_labels)])]) : null`,
        ),
      }),
      ...done(nothing),
      Output: result("success", summary),
    },
    EnrichDataTool: {
      ...invoke(enrichData, {
        ...ofCampaign,
        keywords: jsonata(
          `$type(${given}.keywords) = 'string' ? $substring(${given}.keywords, 0, 80) : null`,
        ),
      }),
      ...done(nothing),
      Output: result("success", summary),
    },
    UnderstandMarketTool: {
      ...invoke(understandMarket, {
        ...ofCampaign,
        market: jsonata(`${given}.market`),
      }),
      ...done(all),
      Output: result(
        "success",
        summary,
        jsonata("$states.result.Payload.tokens"),
        jsonata("$states.result.Payload.cost_usd"),
      ),
    },
    RepeatedTool: {
      Type: "Pass",
      Comment: "What it asks for is asked for already, by the call before it",
      Output: result("error", "It was called already. See the result of that call."),
      End: true,
    },
    OtherMarketTool: {
      Type: "Pass",
      Comment: "Nobody asked for it: no model is asked either",
      Output: result(
        "error",
        jsonata("'Give one of the markets that are asked for: ' & $join($markets, ', ') & '.'"),
      ),
      End: true,
    },
    UnknownTool: {
      Type: "Pass",
      Output: result("error", `There is no tool of that name. There are: ${names.join(", ")}.`),
      End: true,
    },
    FailedTool: {
      Type: "Pass",
      Output: result(
        "error",
        jsonata("'It failed: ' & $states.input.error & '. Go on without it.'"),
        jsonata("$states.input.tokens"),
        jsonata("$states.input.cost_usd"),
      ),
      End: true,
    },
  });
}
