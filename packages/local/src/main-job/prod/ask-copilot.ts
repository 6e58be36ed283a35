import { CopilotAnswer } from "@penstock/contracts";
import * as v from "valibot";
import type { Cloud } from "../../cloud/index.ts";
import type { Asked } from "./prod.ts";

/** What the main job asks: it can be answered of any data. */
export const QUESTION = "What are the top 5 categories by revenue?";

const SCOPE = "penstock/analyse";

const Token = v.object({ access_token: v.string() });
const Problem = v.object({ title: v.string(), detail: v.string() });

/** Asks the copilot over the HTTP API, as an analyst's program does: with a token of its own client. */
export async function askCopilot({ httpApis }: Pick<Cloud, "httpApis">, signal: AbortSignal): Promise<Asked> {
  const [api] = Object.values(httpApis.apis);
  const [found] = Object.values(httpApis.issuers).flatMap(({ url, clients }) =>
    clients
      .filter(({ scopes }) => scopes.includes(SCOPE))
      .sort((left, right) => left.scopes.length - right.scopes.length)
      .map((client) => ({ url, client })),
  );
  if (api === undefined || found === undefined)
    return { question: QUESTION, refused: `The program has no API, or no client with the scope ${SCOPE}.` };
  const { url, client } = found;
  const given = await fetch(`${url}/oauth2/token`, {
    method: "POST",
    signal,
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.secret ?? ""}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: SCOPE }),
  });
  const { access_token } = v.parse(Token, await given.json());
  const response = await fetch(`${api}/api/copilot`, {
    method: "POST",
    signal,
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ question: QUESTION }),
  });
  const body: unknown = await response.json();
  const answer = v.safeParse(CopilotAnswer, body);
  if (response.status === 200 && answer.success) return { question: QUESTION, answer: answer.output };
  const problem = v.safeParse(Problem, body);
  const why = problem.success ? `${problem.output.title}: ${problem.output.detail}` : "no problem document";
  return { question: QUESTION, refused: `${response.status} ${why}` };
}
