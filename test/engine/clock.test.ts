import { expect, test } from "vitest";
import { systemClock } from "../../packages/local/src/engine/index.ts";

const { signal } = new AbortController();

test("a scaled clock shortens sleeps, keeps their order, and runs ahead as much", async () => {
  const clock = systemClock(0.001);
  const before = clock.now();
  const woken: number[] = [];

  await Promise.all(
    [30, 10, 20].map((seconds) => clock.sleep(seconds * 1000, signal).then(() => woken.push(seconds))),
  );

  expect(woken).toEqual([10, 20, 30]);
  expect(clock.now() - before).toBeGreaterThanOrEqual(29_000);
});

test("a sleep ends at once when it is aborted, before or after it began, with the reason", async () => {
  const clock = systemClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(2 ** 40, stop.signal);
  const reason = new Error("enough");

  stop.abort(reason);

  await expect(sleeping).rejects.toBe(reason);
  await expect(clock.sleep(1, stop.signal)).rejects.toBe(reason);
});
