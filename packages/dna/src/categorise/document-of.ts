import {
  type ChunkAnswer,
  DnaDocument,
  type DnaFlag,
  type DocumentReason,
  type ExportPlan,
  type FailedChunk,
  flagCodes,
  type ModelUsage,
} from "@penstock/contracts";
import type { ModelSettings, Spending } from "@penstock/runtime/model";
import * as v from "valibot";
import { mergeItems } from "./merge-items.ts";

/** What became of the chunks of a plan: each has an answer or has failed. */
export interface AnsweredChunks {
  readonly answers: readonly ChunkAnswer[];
  readonly failed: readonly FailedChunk[];
  /** What the run spent on those that failed. */
  readonly spent: readonly Spending[];
}

/** Of a chunk's items more than this share, and at least as many, stand nowhere: the model did not read, or was led astray. */
const UNFOUNDED = { share: 0.2, least: 3 };

/** The document of a file, from how it was read and what its chunks told. The same answers give the same document. */
export function documentOf(
  plan: ExportPlan,
  chunks: AnsweredChunks,
  prices: ModelSettings["prices"],
): DnaDocument {
  const { user, file, reading, facts, masked, left_out } = plan;
  const { answers, failed } = chunks;
  return v.parse(DnaDocument, {
    contract: 1,
    user,
    file,
    reading,
    ...outcome(plan, chunks),
    facts,
    categories: mergeItems(answers.flatMap(({ items }) => items)),
    chunks: { planned: plan.chunks, categorised: answers.length, failed, left_out },
    flags: flagsOf(plan, chunks),
    masked,
    model: usageOf(plan, [
      ...answers.map(({ model }) => model),
      ...chunks.spent.map((spent) => lostUsage(plan, spent, prices)),
    ]),
  });
}

function outcome(
  plan: ExportPlan,
  { answers, failed }: AnsweredChunks,
): { state: DnaDocument["state"]; reason: DocumentReason | null } {
  if (plan.state === "refused") return { state: "refused", reason: plan.reason };
  if (failed.length === 0 && plan.left_out === 0) return { state: "categorised", reason: null };
  return {
    state: answers.length === 0 ? "failed" : "partial",
    reason: failed.length > 0 ? "chunks_failed" : "budget",
  };
}

/** What reading found suspicious, and what the model's answers add to it, in the order of the codes. */
function flagsOf({ flags }: ExportPlan, { answers, failed }: AnsweredChunks): DnaFlag[] {
  const outside = failed.filter(({ error }) => error === "ModelOutputInvalid").length;
  const unfounded = answers
    .filter(
      ({ unfounded: count, items }) =>
        count >= UNFOUNDED.least && count > UNFOUNDED.share * (count + items.length),
    )
    .reduce((sum, answer) => sum + answer.unfounded, 0);
  const added: DnaFlag[] = [
    { code: "answer_outside_contract", evidence: null, count: outside },
    { code: "unfounded_items", evidence: null, count: unfounded },
  ];
  return [...flags, ...added.filter(({ count }) => count > 0)].toSorted(
    (a, b) => flagCodes.indexOf(a.code) - flagCodes.indexOf(b.code),
  );
}

/** What calls took that no answer came of; who spoke nobody has told. */
function lostUsage(
  { prompt }: Pick<ExportPlan, "prompt">,
  { calls, inputTokens, outputTokens }: Spending,
  prices: ModelSettings["prices"],
): ModelUsage {
  return {
    model: "",
    offline: false,
    prompt,
    calls,
    repaired: 0,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_usd: (inputTokens * prices.input + outputTokens * prices.output) / 1e6,
  };
}

function usageOf(
  { model: asked }: Pick<ExportPlan, "model">,
  usages: readonly ModelUsage[],
): ModelUsage | null {
  const [first] = usages;
  if (first === undefined) return null;
  const spoke = usages.map(({ model }) => model).filter((model) => model !== "");
  const sum = (of: "calls" | "repaired" | "input_tokens" | "output_tokens" | "cost_usd") =>
    usages.reduce((total, usage) => total + usage[of], 0);
  return {
    model: spoke.length === 0 ? asked : [...new Set(spoke)].sort().join(", "),
    offline: usages.some(({ offline }) => offline),
    prompt: first.prompt,
    calls: sum("calls"),
    repaired: sum("repaired"),
    input_tokens: sum("input_tokens"),
    output_tokens: sum("output_tokens"),
    cost_usd: Math.round(sum("cost_usd") * 1e6) / 1e6,
  };
}
