import type { Clock } from "./ports.ts";

/** Node keeps a timer's delay in 32 bits. */
const longestTimer = 2 ** 31 - 1;

interface Sleep {
  readonly due: number;
  /** Which of two that are due at the same instant began first. */
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that runs `times` as fast as the machine's from now on, and lets everything happen in the order in which it
 * would happen on the machine's clock. Three rules keep that order:
 * - Only idle time is short. While real work is under way (`working`), and in any turn of the event loop in which
 *   somebody asks for the time or is woken, the clock runs as the machine's does.
 * - It never passes a sleep that is due: however late the process comes to wake it, it is then that instant.
 * - Sleeps are woken in the order in which they are due. What one of them sets going comes before the next: its own
 *   sleeps count from its instant.
 */
export function fastClock(times: number): Clock {
  const clock = new FastClock(times);
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    working: () => clock.working(),
  };
}

class FastClock {
  readonly #times: number;
  /** The clock's instant at the machine's `#since`, from where it runs at the present speed. */
  #instant = Date.now();
  #since = performance.now();
  #works = 0;
  #stirred = false;
  #count = 0;
  /** The next one last. */
  readonly #sleeps: Sleep[] = [];
  #disarm = () => {};

  constructor(times: number) {
    this.#times = times;
  }

  /** In whole milliseconds, as the machine's clock. */
  now(): number {
    this.#stir();
    return Math.floor(this.#now());
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      this.#stir();
      const stop = () => {
        this.#sleeps.splice(this.#position(sleep), 1);
        this.#arm();
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const sleep = { due: this.#now() + Math.max(0, ms), order: this.#count++, wake };
      signal.addEventListener("abort", stop, { once: true });
      this.#sleeps.splice(this.#position(sleep), 0, sleep);
      if (this.#sleeps.at(-1) === sleep) this.#arm();
    });
  }

  working(): () => void {
    this.#change(1);
    let ended = false;
    return () => {
      if (!ended) this.#change(-1);
      ended = true;
    };
  }

  get #speed(): number {
    return this.#works > 0 ? 1 : this.#times;
  }

  #now(): number {
    const instant = this.#instant + (performance.now() - this.#since) * this.#speed;
    const next = this.#sleeps.at(-1);
    return next === undefined ? instant : Math.min(instant, next.due);
  }

  #change(works: 1 | -1): void {
    this.#set(this.#now());
    this.#works += works;
    this.#arm();
  }

  #set(instant: number): void {
    this.#instant = instant;
    this.#since = performance.now();
  }

  /** Something happens: this turn of the event loop counts as real work. */
  #stir(): void {
    if (this.#stirred) return;
    this.#stirred = true;
    const rest = this.working();
    setImmediate(() => {
      this.#stirred = false;
      rest();
    });
  }

  /** Where the sleep is, or belongs. */
  #position({ due, order }: Sleep): number {
    let [low, high] = [0, this.#sleeps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sleeps[middle];
      if (other !== undefined && (other.due > due || (other.due === due && other.order > order)))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #arm(): void {
    this.#disarm();
    const next = this.#sleeps.at(-1);
    if (next === undefined) {
      this.#disarm = () => {};
      return;
    }
    const delay = (next.due - this.#now()) / this.#speed;
    const turn = () => this.#turn();
    if (delay < 1) {
      // Timers know no less than a millisecond, which may be an hour here.
      const immediate = setImmediate(turn);
      this.#disarm = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(turn, Math.min(delay, longestTimer));
      this.#disarm = () => clearTimeout(timer);
    }
  }

  #turn(): void {
    const instant = this.#now();
    const next = this.#sleeps.at(-1);
    if (next !== undefined && next.due <= instant) {
      this.#stir();
      this.#set(instant);
      // All that are due at this very instant, as one timer would.
      for (let due = this.#sleeps.at(-1); due?.due === next.due; due = this.#sleeps.at(-1)) {
        this.#sleeps.pop();
        due.wake();
      }
    }
    this.#arm();
  }
}
