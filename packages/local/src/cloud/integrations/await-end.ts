import { setTimeout as pause } from "node:timers/promises";

/** Real time: what runs in the cloud takes as long as it takes, whatever the machine's clock says. */
const FIRST_MS = 15;
const LONGEST_MS = 1000;

/** Asks until there is an answer, ever more rarely. Rejects when nobody wants it any more. */
export async function awaitEnd<Answer>(
  ask: () => Promise<Answer | undefined>,
  signal: AbortSignal,
): Promise<Answer> {
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 1.5, LONGEST_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(wait, undefined, { signal });
  }
}
