import {
  answers,
  asks,
  begin,
  bothMarkets,
  bySequence,
  bySteps,
  conditionFailed,
  input,
  machine,
  product,
  sequence,
  stored,
  turn,
} from "./campaign-answers.ts";
import type { Scenario } from "./scenarios.ts";

/** One execution for each path through `campaign` on which somebody asked for the sequence, and those whose product is gone. */
export const campaignSequenceScenarios: readonly Scenario[] = [
  {
    name: "who asks for the sequence gets it",
    machine,
    input: bySequence,
    answers,
    path: [...begin, "NoAgent", ...sequence],
    branches: bothMarkets,
    output: bySteps({ reason: "asked_for" }),
  },
  ...["UpstreamUnavailable", "Sandbox.Timedout", "Runtime.ExitError", "Lambda.TooManyRequestsException"].map(
    (error): Scenario => ({
      name: `a search for videos that ends with ${error} is gone on without`,
      machine,
      input: bySequence,
      answers: {
        ...answers,
        EnrichData: [error],
        Store: [stored([{ step: "data_enrichment", market: null, reason: error }])],
      },
      path: [...begin, "NoAgent", ...sequence],
      branches: bothMarkets,
      output: bySteps({ status: "PARTIAL", reason: "asked_for" }),
    }),
  ),
  ...[
    ...["ModelOutputInvalid", "ModelThrottled", "ModelBudgetSpent", "States.Timeout"],
    ...["Lambda.TooManyRequestsException", "Lambda.SdkClientException"],
  ].map(
    (error): Scenario => ({
      name: `markets that end with ${error} are gone on without`,
      machine,
      input: bySequence,
      answers: {
        ...answers,
        UnderstandMarket: [error],
        Store: [stored([{ step: "cultural_intelligence", market: "DE", reason: error }])],
      },
      path: [...begin, "NoAgent", ...sequence],
      branches: { Market: ["Understand", "Understand", "Lost", "Lost"] },
      output: bySteps({ status: "PARTIAL", reason: "asked_for", tokens: 2000, cost_usd: 0.004 }),
    }),
  ),
  {
    name: "a market that may not be asked about is no market's fault: the execution fails",
    machine,
    input: bySequence,
    answers: { ...answers, UnderstandMarket: ["AccessDenied"] },
    path: [...begin, "NoAgent", "AnalyseImage", "EnrichData", "UnderstandMarkets"],
    branches: bothMarkets,
    error: "AccessDenied",
  },
  {
    name: "a picture that cannot be looked at is refused",
    machine,
    input: bySequence,
    answers: { ...answers, AnalyseImage: ["UnusableImage"] },
    path: [...begin, "NoAgent", "AnalyseImage", "RecordRefused", "RecordRun", "Done"],
    output: bySteps({ status: "REFUSED", reason: "asked_for", tokens: 0, cost_usd: 0 }),
  },
  {
    name: "a synthesis that cannot be taken fails, to be redriven there",
    machine,
    input: bySequence,
    answers: { ...answers, Synthesise: ["ModelOutputInvalid"] },
    path: [...begin, "NoAgent", ...sequence.slice(0, 5)],
    branches: bothMarkets,
    error: "ModelOutputInvalid",
  },
  ...[
    { state: "Begin", path: ["Accept", "Begin"], asked: input, more: {} },
    {
      state: "FallBack",
      path: [...begin, ...asks, "FallBack"],
      asked: input,
      more: { Converse: [turn([], "end_turn")] },
    },
    {
      state: "RecordRefused",
      path: [...begin, "NoAgent", "AnalyseImage", "RecordRefused"],
      asked: bySequence,
      more: { AnalyseImage: ["UnusableImage"] },
    },
  ].map(
    ({ state, path, asked, more }): Scenario => ({
      name: `a product that is gone at ${state}, or another execution's, is ignored`,
      machine,
      input: asked,
      answers: { ...answers, ...more, [state]: [conditionFailed] },
      path: [...path, "Gone"],
      output: { status: "IGNORED", product_id: product },
    }),
  ),
];
