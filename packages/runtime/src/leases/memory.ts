import type { Leases } from "./leases.ts";

/** Leases within one process, for tests and benches. `now` gives milliseconds since the epoch. */
export function memoryLeases(now: () => number = Date.now): Leases {
  const held = new Map<string, { owner: string; until: number }>();
  return {
    async acquire(name, owner, seconds) {
      const current = held.get(name);
      if (current !== undefined && current.owner !== owner && current.until > now()) return false;
      held.set(name, { owner, until: now() + seconds * 1000 });
      return true;
    },
    async release(name, owner) {
      if (held.get(name)?.owner === owner) held.delete(name);
    },
  };
}
