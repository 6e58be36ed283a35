import type { Clock } from "./ports.ts";

/** A task's call, as a clock that shortens idle time sees it. */
export interface RealWork {
  /** From now on it only waits, for something whose own work counts. @returns what to call when it goes on */
  readonly idle: () => () => void;
  readonly end: () => void;
}

/** Counts as work from now to its end, but for the time in which it only waits. */
export function realWork(clock: Clock): RealWork {
  let rest = clock.working?.();
  let ended = false;
  return {
    idle: () => {
      rest?.();
      return () => {
        if (!ended) rest = clock.working?.();
      };
    },
    end: () => {
      ended = true;
      rest?.();
    },
  };
}
