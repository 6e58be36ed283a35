import { setTimeout as pause } from "node:timers/promises";

/** Real time: what runs in the cloud takes as long as it takes, whatever the machine's clock says. */
const FIRST_MS = 15;
const LONGEST_MS = 1000;

/** Another execution, which may wait for hours of a clock that makes them short. */
export interface Awaited {
  /** Settles when it has ended; undefined when that cannot be known. */
  readonly ended: Promise<unknown> | undefined;
  /** See `TaskCall`. */
  readonly idle: (() => () => void) | undefined;
}

/** Asks until there is an answer, ever more rarely. Rejects when nobody wants it any more. */
export async function awaitEnd<Answer>(
  ask: () => Promise<Answer | undefined>,
  signal: AbortSignal,
  { ended, idle }: Awaited = { ended: undefined, idle: undefined },
): Promise<Answer> {
  let known = ended;
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 1.5, LONGEST_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const goOn = idle?.();
    const pausing = pause(wait, undefined, { signal });
    await (known === undefined ? pausing : Promise.race([pausing, known.then(() => (known = undefined))]));
    goOn?.();
  }
}
