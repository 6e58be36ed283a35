import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoRateLimits, type RateLimits } from "../../packages/assets/src/limits/index.ts";
import { tablesWith } from "./assets-tables.ts";

let tables: Awaited<ReturnType<typeof tablesWith>>;
let limits: RateLimits;
beforeAll(async () => {
  tables = await tablesWith({ limits: "bucket" });
  limits = dynamoRateLimits(tables.client, "limits");
});
afterAll(() => tables.close());

const RATE = { burst: 3, perHour: 60 };
const MINUTE = 60_000;

/** A bucket as everybody imagines it: tokens that come back one by one. */
class Bucket {
  #tokens = RATE.burst;
  #at = 0;

  take(now: number): boolean {
    this.#tokens = Math.min(RATE.burst, this.#tokens + (now - this.#at) / MINUTE);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

it("whatever the schedule, the one time is the same as a bucket of tokens", async () => {
  await fc.assert(
    // Quarters of a minute: sums of them are exact.
    fc.asyncProperty(fc.array(fc.nat(8), { minLength: 1, maxLength: 12 }), async (pauses) => {
      const name = randomUUID();
      const bucket = new Bucket();
      let now = 0;
      for (const pause of pauses) {
        now += pause * (MINUTE / 4);
        const permit = await limits.take(name, RATE, now);

        expect(permit.ok).toBe(bucket.take(now));
        if (permit.ok) continue;
        const { retryAfterSeconds } = permit;
        expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(retryAfterSeconds).toBeLessThanOrEqual(60);
      }
    }),
    { numRuns: 40 },
  );
});

it("who is sent away gets a token when they were told to come, and not a second before", async () => {
  const name = randomUUID();
  for (const _ of [1, 2, 3]) await limits.take(name, RATE, 0);
  const permit = await limits.take(name, RATE, 20_500);
  const wait = permit.ok ? 0 : permit.retryAfterSeconds;

  const early = await limits.take(name, RATE, 20_500 + (wait - 1) * 1000);
  const then = await limits.take(name, RATE, 20_500 + wait * 1000);

  expect([wait, early.ok, then.ok]).toEqual([40, false, true]);
});

it("of two callers at once who want the last token one gets it", async () => {
  const name = randomUUID();
  for (const _ of [1, 2]) await limits.take(name, RATE, 0);

  const permits = await Promise.all([1, 2, 3, 4].map(() => limits.take(name, RATE, 0)));

  expect(permits.filter(({ ok }) => ok)).toHaveLength(1);
});

it("of two callers at once who come first both get theirs, and each bucket is one's own", async () => {
  const [name, other] = [randomUUID(), randomUUID()];

  const permits = await Promise.all([1, 2, 3, 4].map(() => limits.take(name, RATE, 0)));

  expect(permits.filter(({ ok }) => ok)).toHaveLength(RATE.burst);
  expect(await limits.take(other, RATE, 0)).toEqual({ ok: true });
});
