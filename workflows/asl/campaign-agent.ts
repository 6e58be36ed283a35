import { type campaignTasks, checkArguments, notSo, remaining } from "./campaign-tasks.ts";
import { type CampaignToolsOf, campaignTools, MARKETS, SUBMIT } from "./campaign-tools.ts";
import { jsonata } from "./define.ts";
import { retryConverse } from "./retries.ts";
import type { Template } from "./states.ts";

/** What the agent works with: functions by ARN, and what it may take. */
export interface CampaignAgentOf extends CampaignToolsOf {
  readonly checkCampaign: string;
  readonly agent: CampaignToolsOf["agent"] & {
    /** Whether the machine can ask the model itself: Bedrock's, in its own region. */
    readonly available: boolean;
    /** Bedrock's id of the model or the inference profile. */
    readonly modelId: string;
    /** USD for a million tokens. */
    readonly prices: { readonly input: number; readonly output: number };
    readonly system: string;
    readonly turns: number;
    readonly calls: number;
    readonly callsPerTurn: number;
    readonly tokens: number;
    readonly costUsd: number;
    readonly answerTokens: number;
    readonly conversationCharacters: number;
  };
}

/** Calls of tools that run side by side. */
const TOOLS_AT_ONCE = 8;

/**
 * Tokens that a text takes at most: half a one for each character of ASCII, two for any other. Signs of Chinese are a token or
 * two, letters of most other scripts one.
 */
const TOKENS_OF = { ascii: 0.5, other: 2 } as const;

/** Characters that a result of a tool takes: its function cuts it at so many bytes. */
const RESULT_CHARACTERS = 6000;

/** Blocks as they may be sent back: of members that Converse takes, and of no text that is blank, which it refuses. */
const said = [
  "[$states.result.Output.Message.Content.(",
  "$type(ToolUse) = 'object'",
  "? {'ToolUse': {'ToolUseId': ToolUse.ToolUseId, 'Name': ToolUse.Name, 'Input': ToolUse.Input}}",
  ": $type(Text) = 'string' and $trim(Text) != '' ? {'Text': Text})]",
].join(" ");
/**
 * What it calls. `About` says when two calls ask for the same: of a market, or of the product, whatever else they say. The
 * second of them, in this turn or a later one, is `Repeated`.
 */
const calls = [
  "($called := [$states.result.Output.Message.Content[$type(ToolUse) = 'object'].ToolUse.{",
  "'ToolUseId': ToolUseId, 'Name': Name, 'Input': Input,",
  `'About': Name = '${MARKETS}' ? Name & ' ' & $string(Input.market) : Name}];`,
  "[$map($called, function($call, $at) {$merge([$call, {'Repeated': $call.About in $known or",
  "$count($filter($called, function($other, $n) {$n < $at and $other.About = $call.About})) > 0}])})])",
].join(" ");
/** Calls that a function is run for, and those of them that a model is asked for. */
const fresh = "$count($calls[$not(Repeated)])";
const questions = `$count($calls[Name = '${MARKETS}' and $not(Repeated) and Input.market in $markets])`;

/** Which model really spoke: the local cloud says it where Bedrock has fields of a model's own. */
const trueModel = "$states.result.AdditionalModelResponseFields";

/**
 * Tier 1: a model with tools, a state for each thing it does. Begins at `Measure`, ends in `HasImages` with `$checked`, or in
 * `FallBack` with `$reason`. Every limit is a variable that a Choice compares.
 */
export function campaignAgent(
  resources: CampaignAgentOf,
  { invoke, note }: ReturnType<typeof campaignTasks>,
) {
  const { agent } = resources;
  const { prices } = agent;
  const usd = (input: string, output: string | number) =>
    `(${input} * ${prices.input} + ${output} * ${prices.output}) / 1000000`;
  // The same in each turn, beside the conversation: English.
  const fixed = Math.ceil((agent.system.length + JSON.stringify(agent.tools).length) * TOKENS_OF.ascii);
  const characters = "$length($string($conversation))";
  const others = "$length($replace($string($conversation), /[ -~]+/, ''))";
  const worstInput = `(${characters} * ${TOKENS_OF.ascii} + ${others} * ${TOKENS_OF.other - TOKENS_OF.ascii} + ${fixed})`;
  const limit = (Condition: string, reason: string) =>
    ({ Condition: jsonata(Condition), Assign: { reason }, Next: "FallBack" }) as const;
  const fellBack = {
    ErrorEquals: ["States.ALL"],
    Assign: { reason: jsonata("$states.errorOutput.Error") },
    Next: "FallBack",
  } as const;

  return {
    Measure: {
      Type: "Pass",
      Comment: "What the next turn can take at most, and how long the agent has worked",
      Assign: {
        characters: jsonata(characters),
        worst_tokens: jsonata(`$tokens + $ceil(${worstInput} + ${agent.answerTokens})`),
        worst_cost: jsonata(`$cost_usd + ${usd(worstInput, agent.answerTokens)}`),
        seconds: jsonata("($millis() - $toMillis($states.context.Execution.StartTime)) / 1000"),
      },
      Next: "MayTurn",
    },
    MayTurn: {
      Type: "Choice",
      Comment: "Before each turn: it is begun when the worst of it is within the limits",
      Choices: [
        limit(`$turns >= ${agent.turns}`, "turns"),
        limit(`$characters > ${agent.conversationCharacters}`, "conversation"),
        limit(`$worst_tokens > ${agent.tokens}`, "tokens"),
        limit(`$worst_cost > ${agent.costUsd}`, "cost"),
        limit(`$seconds > ${agent.seconds}`, "seconds"),
      ],
      Default: "Converse",
    },
    Converse: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:bedrockruntime:converse",
      Arguments: {
        ModelId: agent.modelId,
        System: [{ Text: agent.system }],
        Messages: jsonata("$conversation"),
        ToolConfig: {
          Tools: agent.tools.map(({ name, description, inputSchema }) => ({
            ToolSpec: { Name: name, Description: description, InputSchema: { Json: json(inputSchema.json) } },
          })),
          ToolChoice: { Auto: {} },
        },
        InferenceConfig: { MaxTokens: agent.answerTokens, Temperature: 0 },
      },
      TimeoutSeconds: remaining(agent.seconds),
      Retry: [retryConverse],
      Catch: [fellBack],
      Assign: {
        said: jsonata(said),
        calls: jsonata(calls),
        stop: jsonata("$states.result.StopReason"),
        turns: jsonata("$turns + 1"),
        tokens: jsonata("$tokens + $states.result.Usage.InputTokens + $states.result.Usage.OutputTokens"),
        cost_usd: jsonata(
          `$cost_usd + ${usd("$states.result.Usage.InputTokens", "$states.result.Usage.OutputTokens")}`,
        ),
        model: {
          id: jsonata(`$exists(${trueModel}.name) ? ${trueModel}.name : '${agent.modelId}'`),
          offline: jsonata(`${trueModel}.offline = true`),
        },
      },
      Next: "StopReason",
    },
    StopReason: {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata(`$stop = 'tool_use' and $count($calls[Name = '${SUBMIT}']) > 0`),
          Next: "CheckDraft",
        },
        {
          Condition: jsonata(
            `$not($stop = 'tool_use' and $count($calls) in [1..${agent.callsPerTurn}] and $calls_made + $count($calls) <= ${agent.calls})`,
          ),
          Assign: { reason: jsonata("$stop = 'tool_use' ? 'calls' : $stop") },
          Next: "FallBack",
        },
        // Before the tools too: what they take is known only when it is taken, and a state that is too long fails for good.
        limit(
          `$characters + $length($string($said)) + ${fresh} * ${RESULT_CHARACTERS} > ${agent.conversationCharacters}`,
          "conversation",
        ),
        limit(`$tokens + ${questions} * ${agent.market.tokens} > ${agent.tokens}`, "tokens"),
        limit(`$cost_usd + ${questions} * ${agent.market.costUsd} > ${agent.costUsd}`, "cost"),
      ],
      Default: "Tools",
    },
    Tools: {
      Type: "Map",
      Comment: "The functions of the sequence. A result that is an error is the model's to deal with",
      Items: jsonata("$calls"),
      MaxConcurrency: TOOLS_AT_ONCE,
      ItemProcessor: campaignTools(resources, invoke),
      Catch: [fellBack],
      Assign: { results: jsonata("[$states.result]") },
      Next: "Append",
    },
    Append: {
      Type: "Pass",
      Comment: "One answer to every call, in their order, as Converse asks for",
      Assign: {
        conversation: jsonata(
          "$append($conversation, [{'Role': 'assistant', 'Content': $said}, {'Role': 'user', 'Content': [$results.{'ToolResult': ToolResult}]}])",
        ),
        known: jsonata("$append($known, [$calls.About])"),
        calls_made: jsonata("$calls_made + $count($calls)"),
        tokens: jsonata("$tokens + $sum([$results.tokens])"),
        cost_usd: jsonata("$cost_usd + $sum([$results.cost_usd])"),
      },
      Next: "Measure",
    },
    CheckDraft: {
      ...invoke(
        resources.checkCampaign,
        checkArguments(jsonata(`$calls[Name = '${SUBMIT}'][0].Input`), "bedrock_agent", null),
      ),
      Comment: "The same check as of the sequence, and whether the agent has done its work",
      Catch: [fellBack],
      Assign: { checked: jsonata("$states.result.Payload") },
      Next: "HasImages",
    },
    FallBack: {
      ...note({ fallback_reason: { S: jsonata("$reason") } }),
      Comment: "What the tools have put into the record is not asked for again",
      Catch: [
        { ErrorEquals: notSo, Next: "Gone" },
        // It is a note only: the check is told the reason too.
        { ErrorEquals: ["States.ALL"], Assign: { method: "sequential" }, Next: "AnalyseImage" },
      ],
      Assign: { method: "sequential" },
      Next: "AnalyseImage",
    },
  } as const;
}

/** A schema as a part of a definition. */
function json(value: unknown): Template {
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, json(member)]));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
