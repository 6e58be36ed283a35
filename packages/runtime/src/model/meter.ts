import { AccessDenied, ModelBudgetSpent, ModelThrottled } from "../errors.ts";
import type { ModelSettings } from "./model-settings.ts";
import type { ModelReply, ModelRequest, TextModel } from "./text-model.ts";
import { estimatedTokens } from "./tokens.ts";
import { UnusableReply } from "./unusable-reply.ts";

/** What a run may spend on a model. */
export interface ModelBudget {
  readonly prices: ModelSettings["prices"];
  /** Most tokens, in and out. */
  readonly mostTokens: number;
  readonly mostCostUsd: number;
}

/** Calls of a model, and the tokens that they took. */
export interface Spending {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Counts what calls of a model take, and lets none be made that could take more than there is. */
export interface ModelMeter {
  /**
   * One reply of the model.
   * @throws {ModelBudgetSpent} instead of a call that could pass the budget
   */
  complete(model: TextModel, request: ModelRequest): Promise<ModelReply>;
  costUsd(usage: ModelReply["usage"]): number;
  /** All that was taken so far, what was before it included. */
  spent(): Spending;
  /** Counts an answer that had to be asked for twice, or came to nothing. */
  note(what: "ModelRepairs" | "ModelInvalid"): void;
}

/** Where it is told what calls take: Powertools' metrics are one. */
export interface ModelMetrics {
  addMetric(name: ModelMetric, unit: "Count" | "None", value: number): unknown;
}

export type ModelMetric = "ModelCalls" | "ModelTokens" | "ModelCostUsd" | "ModelRepairs" | "ModelInvalid";

/**
 * A meter of one run. Calls that fail are counted too: by the tokens they told, or else as if they had taken all they
 * could; those that were turned away took none.
 * @param before what earlier tries of the run took of the same budget
 */
export function modelMeter(
  { prices, mostTokens, mostCostUsd }: ModelBudget,
  metrics: ModelMetrics,
  before: Spending = { calls: 0, inputTokens: 0, outputTokens: 0 },
): ModelMeter {
  const costUsd = ({ inputTokens, outputTokens }: ModelReply["usage"]) =>
    (inputTokens * prices.input + outputTokens * prices.output) / 1e6;
  let spent = before;
  /** Spent, or promised to calls that are under way. */
  let tokens = before.inputTokens + before.outputTokens;
  let cost = costUsd(before);
  const take = (usage: ModelReply["usage"], sign: 1 | -1) => {
    tokens += sign * (usage.inputTokens + usage.outputTokens);
    cost += sign * costUsd(usage);
  };
  const settle = (promised: ModelReply["usage"], usage: ModelReply["usage"]) => {
    take(promised, -1);
    take(usage, 1);
    spent = {
      calls: spent.calls + 1,
      inputTokens: spent.inputTokens + usage.inputTokens,
      outputTokens: spent.outputTokens + usage.outputTokens,
    };
    metrics.addMetric("ModelCalls", "Count", 1);
    metrics.addMetric("ModelTokens", "Count", usage.inputTokens + usage.outputTokens);
    metrics.addMetric("ModelCostUsd", "None", costUsd(usage));
  };
  return {
    costUsd,
    spent: () => spent,
    note: (what) => void metrics.addMetric(what, "Count", 1),
    async complete(model, request) {
      const worst = { inputTokens: tokensIn(request), outputTokens: request.maxTokens };
      const most = { tokens: tokens + worst.inputTokens + worst.outputTokens, cost: cost + costUsd(worst) };
      if (most.tokens > mostTokens || most.cost > mostCostUsd)
        throw new ModelBudgetSpent(
          `another call could pass what this run may spend on a model (${mostTokens} tokens, ${mostCostUsd} USD)`,
        );
      take(worst, 1);
      try {
        const reply = await model.complete(request);
        settle(worst, reply.usage);
        return reply;
      } catch (error) {
        settle(worst, usageOfFailure(error, worst));
        throw error;
      }
    },
  };
}

/** Tokens of a request, its form included, by the estimate. */
function tokensIn({ system, messages, answer }: ModelRequest): number {
  const form = answer === undefined ? "" : JSON.stringify(answer.schema) + answer.description;
  return [system, form, ...messages.map(({ text }) => text)].reduce(
    (sum, each) => sum + estimatedTokens(each),
    0,
  );
}

function usageOfFailure(error: unknown, worst: ModelReply["usage"]): ModelReply["usage"] {
  if (error instanceof UnusableReply) return error.usage;
  const turnedAway = error instanceof ModelThrottled || error instanceof AccessDenied;
  return turnedAway ? { inputTokens: 0, outputTokens: 0 } : worst;
}
