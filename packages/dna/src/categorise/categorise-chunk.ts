import { answerKey, type ChunkAnswer, chunkKey, ExportChunk } from "@penstock/contracts";
import { ContractViolation, InvalidInput, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import { askModel, modelMeter } from "@penstock/runtime/model";
import * as v from "valibot";
import type { ModelPorts } from "../ports.ts";
import { categoriseForm, categoriseV1 } from "../prompts/index.ts";
import type { CategoriseChunkInput } from "../task-inputs.ts";
import { chunkBudget } from "./chunk-budget.ts";
import { chunkMessage } from "./chunk-message.ts";
import { keepSpending, spendingUri, storedSpending } from "./chunk-spending.ts";
import { groundedItems } from "./grounded-items.ts";
import { readPlan } from "./read-plan.ts";
import { storedAnswer } from "./stored-answer.ts";

/** That a chunk has its answer. Short: the state machine keeps one of each chunk. */
export interface CategorisedChunk {
  readonly chunk: number;
  readonly state: "categorised";
  /** Tokens that were taken now; none where it had been answered before. */
  readonly tokens: number;
}

/**
 * Lets the model say what a chunk tells, keeps what stands in its records, and writes that down. A chunk that has its answer
 * is not asked about again, whichever run it was of. What a try takes for nothing is off the budget of the next one in the
 * same run.
 * @throws {ModelOutputInvalid} when the second answer cannot be taken either
 * @throws {ModelBudgetSpent} when another call would cost more than a chunk may
 * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied} of the model
 * @throws {PersonGone}
 */
export async function categoriseChunk(
  input: CategoriseChunkInput,
  { store, settings, requireActive, model, metrics }: ModelPorts,
): Promise<CategorisedChunk> {
  await requireActive(input.user);
  const plan = await readPlan(store, input);
  const { chunk } = input;
  if (chunk >= plan.chunks)
    throw new InvalidInput(
      `${input.plan} has ${plan.chunks} chunks, numbered from 0; there is none ${chunk}`,
    );
  const answered = s3Uri(settings.work, answerKey(plan, chunk));
  const before = await storedAnswer(store, answered, chunk);
  if (before !== undefined) return { chunk, state: "categorised", tokens: 0 };
  const records = await readChunk(store, s3Uri(settings.work, chunkKey(plan, chunk)), chunk);
  const spending = spendingUri(settings, { plan, chunk, runId: input.run_id });
  const earlier = await storedSpending(store, spending);
  const meter = modelMeter(chunkBudget(settings), metrics, earlier);
  const { answer, usage } = await askModel(model, {
    prompt: categoriseV1,
    message: chunkMessage(records),
    form: categoriseForm,
    accept: (value) => groundedItems(value, records, categoriseV1.system),
    maxTokens: settings.categorise.answerTokens,
    meter,
  }).catch(async (error: unknown) => {
    if (meter.spent().inputTokens > earlier.inputTokens)
      await keepSpending(store, spending, chunk, meter.spent());
    throw error;
  });
  const { items, unfounded } = answer;
  const { calls, inputTokens, outputTokens } = meter.spent();
  const cost_usd = Math.round(meter.costUsd(meter.spent()) * 1e6) / 1e6;
  const taken = { calls, input_tokens: inputTokens, output_tokens: outputTokens, cost_usd };
  const kept: ChunkAnswer = {
    contract: 1,
    chunk,
    items: [...items],
    unfounded,
    model: { ...usage, ...taken },
  };
  await store.putJson(answered, kept);
  return { chunk, state: "categorised", tokens: inputTokens + outputTokens };
}

async function readChunk(
  store: Pick<ObjectStore, "getJson">,
  uri: S3Uri,
  chunk: number,
): Promise<ExportChunk> {
  const parsed = v.safeParse(ExportChunk, await store.getJson(uri));
  if (parsed.success && parsed.output.chunk === chunk) return parsed.output;
  throw new ContractViolation(`${uri} is not the chunk of that number`);
}
