import { CopilotAnswer } from "@penstock/contracts";
import * as v from "valibot";
import type { Cloud } from "../../cloud/index.ts";
import { apiCaller, NoApiClient } from "../call-api.ts";
import type { Asked } from "./prod.ts";

/** What the main job asks: it can be answered of any data. */
export const QUESTION = "What are the top 5 categories by revenue?";

const Problem = v.object({ title: v.string(), detail: v.string() });

/** Asks the copilot over the HTTP API, as an analyst's program does. */
export async function askCopilot(cloud: Pick<Cloud, "httpApis">, signal: AbortSignal): Promise<Asked> {
  let call: Awaited<ReturnType<typeof apiCaller>>;
  try {
    call = await apiCaller(cloud, "penstock/analyse", signal);
  } catch (error) {
    if (error instanceof NoApiClient) return { question: QUESTION, refused: error.message };
    throw error;
  }
  const response = await call("/api/copilot", {
    method: "POST",
    body: JSON.stringify({ question: QUESTION }),
  });
  const body: unknown = await response.json();
  const answer = v.safeParse(CopilotAnswer, body);
  if (response.status === 200 && answer.success) return { question: QUESTION, answer: answer.output };
  const problem = v.safeParse(Problem, body);
  const why = problem.success ? `${problem.output.title}: ${problem.output.detail}` : "no problem document";
  return { question: QUESTION, refused: `${response.status} ${why}` };
}
