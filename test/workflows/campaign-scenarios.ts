import {
  answers,
  asks,
  begin,
  bothMarkets,
  bySteps,
  call,
  conditionFailed,
  done,
  end,
  handsIn,
  input,
  machine,
  payload,
  sequence,
  stored,
  submit,
  turn,
  uses,
  withImages,
} from "./campaign-answers.ts";
import { campaignSequenceScenarios } from "./campaign-sequence-scenarios.ts";
import type { Answers } from "./execute.ts";
import type { Scenario } from "./scenarios.ts";

/** The ways in which the agent's draft is not taken, and what the campaign says of it. */
const left: readonly { name: string; reason: string; converse: NonNullable<Answers[string]> }[] = [
  {
    name: "says something instead of a draft",
    reason: "end_turn",
    converse: [turn([{ Text: "Here it is" }], "end_turn")],
  },
  { name: "is cut off", reason: "max_tokens", converse: [turn([call("submit_campaign")], "max_tokens")] },
  { name: "is stopped by a filter", reason: "content_filtered", converse: [turn([], "content_filtered")] },
  { name: "stops for a tool and calls none", reason: "calls", converse: [turn([{ Text: "…" }])] },
  {
    name: "calls 13 tools in one turn",
    reason: "calls",
    converse: [turn(Array.from({ length: 13 }, (_, at) => call("image_analysis", {}, `call-${at}`)))],
  },
];
/** The same where Converse itself comes to nothing, after its tries. */
const refused = [
  "BedrockRuntime.ThrottlingException",
  "BedrockRuntime.ValidationException",
  "BedrockRuntime.AccessDeniedException",
  "BedrockRuntime.ModelTimeoutException",
  "States.Timeout",
];

const sent = ["Record", "Record", "Send", "Send"];
const recorded = ["Record", "Record"];
/** How two pictures do not come into the queue: the state that fails, its error, and the states up to it. */
const unqueued: readonly [state: string, error: string, states: readonly string[]][] = [
  ["SendImage", "SQS.KmsThrottledException", sent],
  ["SendImage", "SQS.AmazonSQSException", sent],
  ["SendImage", "SQS.KmsAccessDeniedException", sent],
  ["SendImage", "SQS.QueueDoesNotExistException", sent],
  ["RecordImage", "DynamoDB.ThrottlingException", recorded],
  ["RecordImage", "DynamoDB.AccessDeniedException", recorded],
  ["RecordImage", "States.Timeout", recorded],
];

/** One execution for each path through `campaign`. */
export const campaignScenarios: readonly Scenario[] = [
  {
    name: "an agent looks, searches, asks about a market and hands in a campaign",
    machine,
    input,
    answers: {
      ...answers,
      Converse: [
        turn([{ Text: " " }, { Text: "I look at it." }, call("image_analysis", { max_labels: 500 })]),
        turn([call("data_enrichment", { keywords: null })]),
        turn([call("cultural_intelligence", { market: "DE" })]),
        submit,
      ],
    },
    path: [...begin, ...uses, ...uses, ...uses, ...handsIn, ...end],
    branches: {
      Tool: [...["Which", "AnalyseImage", "Which", "EnrichData"], ...["Which", "UnderstandMarket"]],
    },
    output: done({ turns: 4, tokens: 4 * 1100 + 500, cost_usd: 0.00548 }),
  },
  {
    name: "a call that names no tool is told so, and the agent goes on",
    machine,
    input,
    answers: { ...answers, Converse: [turn([call("delete_everything")]), submit] },
    path: [...begin, ...uses, ...handsIn, ...end],
    branches: { Tool: ["Which", "Unknown"] },
    output: done({ turns: 2, tokens: 2200, cost_usd: 0.00224 }),
  },
  {
    name: "a tool that fails is told to the agent, which goes on",
    machine,
    input,
    answers: {
      ...answers,
      Converse: [
        turn([call("image_analysis")]),
        turn([call("data_enrichment")]),
        turn([call("cultural_intelligence", { market: "DE" })]),
        submit,
      ],
      AnalyseImageTool: ["AccessDenied"],
      EnrichDataTool: ["Sandbox.Timedout"],
      UnderstandMarketTool: ["ModelOutputInvalid"],
    },
    path: [...begin, ...uses, ...uses, ...uses, ...handsIn, ...end],
    branches: {
      Tool: [
        ...["Which", "AnalyseImage", "Failed", "Which", "EnrichData", "Failed"],
        ...["Which", "UnderstandMarket", "Failed"],
      ],
    },
    // The failed question about a market counts as all that it may take.
    output: done({ turns: 4, tokens: 24_400, cost_usd: 0.02948 }),
  },
  {
    name: "a market that nobody asked for is asked of no model, and the agent is told those there are",
    machine,
    input,
    answers: {
      ...answers,
      Converse: [turn([call("cultural_intelligence", { market: "Germany" })]), submit],
    },
    path: [...begin, ...uses, ...handsIn, ...end],
    branches: { Tool: ["Which", "OtherMarket"] },
    output: done({ turns: 2, tokens: 2200, cost_usd: 0.00224 }),
  },
  {
    name: "pictures are recorded and sent, and the campaign has those that came into the queue",
    machine,
    input,
    answers: { ...answers, Converse: [submit], CheckDraft: [withImages] },
    path: [...begin, ...handsIn, "RequestImages", ...end],
    branches: { Image: ["Record", "Record", "Send", "Send"] },
    output: done({ images: 2 }),
  },
  {
    name: "a picture that was recorded before is only sent again",
    machine,
    input,
    answers: { ...answers, Converse: [submit], CheckDraft: [withImages], RecordImage: [conditionFailed] },
    path: [...begin, ...handsIn, "RequestImages", ...end],
    branches: { Image: ["Record", "Record", "Send", "Send"] },
    output: done({ images: 2 }),
  },
  ...unqueued.map(
    ([state, error, attempt]): Scenario => ({
      name: `a picture whose ${state} ends with ${error} is left out of the campaign, which says so`,
      machine,
      input,
      answers: {
        ...answers,
        Converse: [submit],
        CheckDraft: [withImages],
        [state]: [error],
        Store: [stored([{ step: "images", market: null, reason: "not_queued" }])],
      },
      path: [...begin, ...handsIn, "RequestImages", ...end],
      branches: { Image: [...attempt, "Lost", "Lost"] },
      output: done({ status: "PARTIAL" }),
    }),
  ),
  {
    name: "an agent that never hands in has its turns, and the sequence makes the campaign",
    machine,
    input,
    answers: { ...answers, Converse: [turn([call("data_enrichment")])] },
    path: [
      ...[...begin, ...uses, ...uses, ...uses, ...uses, ...uses],
      ...["Measure", "MayTurn", "FallBack", ...sequence],
    ],
    branches: {
      Tool: ["Which", "EnrichData", ...Array.from({ length: 4 }, () => ["Which", "Repeated"]).flat()],
      ...bothMarkets,
    },
    output: bySteps({ reason: "turns", turns: 5, tokens: 5500 + 3000, cost_usd: 0.0116 }),
  },
  ...left.map(
    ({ name, reason, converse }): Scenario => ({
      name: `an agent that ${name} is left for the sequence`,
      machine,
      input,
      answers: { ...answers, Converse: converse },
      path: [...begin, ...asks, "FallBack", ...sequence],
      branches: bothMarkets,
      output: bySteps({ reason, turns: 1, tokens: 4100, cost_usd: 0.00712 }),
    }),
  ),
  ...refused.map(
    (error): Scenario => ({
      name: `${error} of the agent's turn is left for the sequence`,
      machine,
      input,
      answers: { ...answers, Converse: [error] },
      path: [...begin, "Measure", "MayTurn", "Converse", "FallBack", ...sequence],
      branches: bothMarkets,
      output: bySteps({ reason: error }),
    }),
  ),
  ...["ModelOutputInvalid", "AccessDenied", "States.Timeout"].map(
    (error): Scenario => ({
      name: `a draft whose check ends with ${error} is left for the sequence`,
      machine,
      input,
      answers: { ...answers, Converse: [submit], CheckDraft: [error] },
      path: [...begin, ...asks, "CheckDraft", "FallBack", ...sequence],
      branches: bothMarkets,
      output: bySteps({ reason: error, turns: 1, tokens: 4100, cost_usd: 0.00712 }),
    }),
  ),
  {
    name: "a reason that cannot be noted keeps nobody from the sequence",
    machine,
    input,
    answers: {
      ...answers,
      Converse: [turn([], "end_turn")],
      FallBack: ["DynamoDB.AmazonDynamoDBException"],
    },
    path: [...begin, ...asks, "FallBack", ...sequence],
    branches: bothMarkets,
    output: bySteps({ reason: "end_turn", turns: 1, tokens: 4100, cost_usd: 0.00712 }),
  },
  {
    name: "an answer that does not have Converse's form is left for the sequence",
    machine,
    input,
    answers: { ...answers, Converse: [{ StopReason: "tool_use" }] },
    path: [...begin, "Measure", "MayTurn", "Converse", "FallBack", ...sequence],
    branches: bothMarkets,
    output: bySteps({ reason: "States.QueryEvaluationError" }),
  },
  {
    name: "calls that have no id, and so no answer, are left for the sequence",
    machine,
    input,
    answers: { ...answers, Converse: [turn([{ ToolUse: { Name: "paint" } }])] },
    path: [...begin, ...asks, "Tools", "FallBack", ...sequence],
    branches: { Tool: ["Which", "Unknown"], ...bothMarkets },
    output: bySteps({ reason: "States.QueryEvaluationError", turns: 1, tokens: 4100, cost_usd: 0.00712 }),
  },
  {
    name: "an answer of a tool that has not its form is told to the agent as a failure",
    machine,
    input,
    answers: {
      ...answers,
      Converse: [turn([call("image_analysis")]), submit],
      AnalyseImageTool: [payload({ labels: 3 })],
    },
    path: [...begin, ...uses, ...handsIn, ...end],
    branches: { Tool: ["Which", "AnalyseImage", "Failed"] },
    output: done({ turns: 2, tokens: 2200, cost_usd: 0.00224 }),
  },
  ...campaignSequenceScenarios,
];
