/** The line about `--time-scale` in a command's usage, after the name of the option. */
export const timeScaleUsage =
  "waits, backoffs and timeouts of state machines pass N times as fast while no task works (default: 1)";

/** As many times as fast: a year passes in half a minute. */
const MOST = 1_000_000;

/** The N of `--time-scale N`; undefined when it is none. */
export function parseTimeScale(text: string): number | undefined {
  const times = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return times >= 1 && times <= MOST ? times : undefined;
}

/** What to tell of an N that is none. */
export function timeScaleRefused(text: string): string {
  return `--time-scale takes a number from 1 to ${MOST}, not "${text}".`;
}
