import * as v from "valibot";
import { ModelOutputInvalid } from "../errors.ts";
import type { AnswerForm } from "./answer-form.ts";
import { askAgain, tooLong } from "./ask-again.ts";
import type { ModelMeter } from "./meter.ts";
import { type Prompt, promptId } from "./prompt.ts";
import { replyJson } from "./reply-json.ts";
import type { ModelReply, ModelRequest, TextModel } from "./text-model.ts";
import { UnusableReply } from "./unusable-reply.ts";

/** An answer that has its form and cannot be taken all the same. `reason`: rules and places, no values. */
export class AnswerRefused extends Error {
  override readonly name = "AnswerRefused";
}

/** What an answer took, as documents keep it. */
export interface ModelUsage {
  /** The model that spoke. */
  readonly model: string;
  /** True for the local cloud's rules, which are no model. */
  readonly offline: boolean;
  /** `categorise@1` */
  readonly prompt: string;
  readonly calls: number;
  /** How many of the answers had to be asked for twice. */
  readonly repaired: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

/** A question to a model whose answer has a form. */
export interface Question<Contract extends v.GenericSchema, Answer> {
  readonly prompt: Prompt;
  /** What is asked, with data in {@link fenced}. */
  readonly message: string;
  readonly form: AnswerForm<Contract>;
  /**
   * Takes what has passed the contract. After the `last` try there is no other, whatever was wrong with those before.
   * @throws {AnswerRefused} with what is wrong, in words for the model
   */
  readonly accept: (value: v.InferOutput<Contract>, last: boolean) => Answer;
  /** Most tokens of a reply. */
  readonly maxTokens: number;
  readonly meter: ModelMeter;
}

/**
 * Asks a model at temperature 0. An answer that is cut off, has another form or is not accepted is told what is wrong
 * with it and asked for once more.
 * @throws {ModelOutputInvalid} when the second cannot be taken either; the message says what is wrong, by rules and places
 * @throws {ModelBudgetSpent} instead of a call that could pass the meter's budget
 * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied} of the model
 */
export async function askModel<Contract extends v.GenericSchema, Answer>(
  model: TextModel,
  { prompt, message, form, accept, maxTokens, meter }: Question<Contract, Answer>,
): Promise<{ answer: Answer; usage: ModelUsage }> {
  const spent: ModelReply["usage"][] = [];
  let calls = 0;
  let spoke: Pick<ModelReply, "model" | "offline"> | undefined;
  const complete = async (request: ModelRequest) => {
    calls += 1;
    if (calls > 1) meter.note("ModelRepairs");
    try {
      const reply = await meter.complete(model, request);
      spent.push(reply.usage);
      spoke = reply;
      return reply;
    } catch (error) {
      if (error instanceof UnusableReply) spent.push(error.usage);
      throw error;
    }
  };
  const read = ({ text }: ModelReply, last: boolean) => ({
    answer: accept(parsed(form, text, maxTokens), last),
  });
  const request = { system: prompt.system, maxTokens, temperature: 0, answer: form };
  try {
    const { answer } = await askAgain({ request, message, complete, read, reason: reasonOf });
    return { answer, usage: usageOf(prompt, calls, spent, spoke, meter) };
  } catch (error) {
    if (reasonOf(error) === undefined) throw error;
    meter.note("ModelInvalid");
    const why = error instanceof Error ? error.message : "";
    throw new ModelOutputInvalid(`no answer to ${promptId(prompt)} can be taken, asked twice: ${why}`, {
      cause: error,
    });
  }
}

/** What the model is told of a try that is worth another. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof AnswerRefused) return error.message;
  if (error instanceof ModelOutputInvalid)
    return "The reply was cut off, withheld or no call of the one tool. Be briefer.";
  return undefined;
}

/** Issues of an answer that are told: one mistake is often made in every item. */
const MOST_ISSUES = 5;

function parsed<Contract extends v.GenericSchema>(
  { contract, name }: AnswerForm<Contract>,
  text: string,
  maxTokens: number,
): v.InferOutput<Contract> {
  if (tooLong(text, maxTokens)) throw new AnswerRefused("It is longer than it may be.");
  const value = replyJson(text);
  if (value === undefined) throw new AnswerRefused(`It is not the JSON of ${name} and nothing else.`);
  const result = v.safeParse(contract, value);
  if (result.success) return result.output;
  throw new AnswerRefused(result.issues.slice(0, MOST_ISSUES).map(issueOf).join(" "));
}

/** Where an answer breaks its contract, and by what kind of rule. What stands there is not repeated, nor a key of its own. */
function issueOf(issue: v.BaseIssue<unknown>): string {
  const foreign = issue.type === "strict_object" && issue.expected === "never";
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const place = (foreign ? path.slice(0, -1) : path).join(".") || "The answer";
  if (foreign) return `${place}: has a member that is not of its form.`;
  return `${place}: ${issue.type}${issue.expected === null ? "" : ` ${issue.expected}`}.`;
}

function usageOf(
  prompt: Prompt,
  calls: number,
  spent: readonly ModelReply["usage"][],
  spoke: Pick<ModelReply, "model" | "offline"> | undefined,
  meter: ModelMeter,
): ModelUsage {
  const sum = (of: keyof ModelReply["usage"]) => spent.reduce((total, usage) => total + usage[of], 0);
  const usage = { inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") };
  return {
    model: spoke?.model ?? "",
    offline: spoke?.offline ?? false,
    prompt: promptId(prompt),
    calls,
    repaired: calls > 1 ? 1 : 0,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cost_usd: Math.round(meter.costUsd(usage) * 1e6) / 1e6,
  };
}
