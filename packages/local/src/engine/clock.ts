import type { Clock } from "./ports.ts";

/** Node keeps a timer's delay in 32 bits; longer sleeps are made of several. */
const longestTimer = 2 ** 31 - 1;

/** The machine's clock. */
export function systemClock(): Clock {
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      let left = Math.max(0, ms);
      let timer: NodeJS.Timeout;
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const turn = () => {
        const step = Math.min(left, longestTimer);
        left -= step;
        timer = setTimeout(() => {
          if (left > 0) return turn();
          signal.removeEventListener("abort", stop);
          resolve();
        }, step);
      };
      signal.addEventListener("abort", stop, { once: true });
      turn();
    });
  return { now: Date.now, sleep };
}
