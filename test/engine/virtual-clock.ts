import type { Clock } from "../../packages/local/src/engine/index.ts";

/**
 * A clock that stands still while anything happens and jumps to the next due sleep when nothing does, so that hours
 * of waiting take no time and keep their order. Only for machines whose services answer without real I/O.
 */
export function virtualClock(start = Date.parse("2025-01-15T12:00:00Z")): Clock {
  let now = start;
  let order = 0;
  let watching = false;
  let changes = 0;
  const sleeping = new Map<number, { due: number; wake: () => void }>();
  /** A process is taken to be idle when it starts no sleep during several turns of the event loop. */
  const idleTurns = 4;
  const watch = (seen: number, turns: number) => {
    setImmediate(() => {
      if (sleeping.size === 0) {
        watching = false;
        return;
      }
      if (changes !== seen) return watch(changes, 0);
      if (turns < idleTurns) return watch(seen, turns + 1);
      const [next] = [...sleeping].sort(([a, left], [b, right]) => left.due - right.due || a - b);
      if (next !== undefined) {
        sleeping.delete(next[0]);
        now = Math.max(now, next[1].due);
        next[1].wake();
      }
      watch(changes, 0);
    });
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const id = order++;
        changes += 1;
        const stop = () => {
          sleeping.delete(id);
          reject(signal.reason);
        };
        signal.addEventListener("abort", stop, { once: true });
        sleeping.set(id, {
          due: now + Math.max(0, ms),
          wake: () => {
            signal.removeEventListener("abort", stop);
            resolve();
          },
        });
        if (!watching) {
          watching = true;
          watch(changes, 0);
        }
      }),
  };
}
