import { InteractionEvent } from "@penstock/contracts";
import fc from "fast-check";
import * as v from "valibot";
import { afterEach, expect, test } from "vitest";
import { arePlain, isPlain } from "../../packages/features/src/plain-lines.ts";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun | undefined;
afterEach(async () => {
  await run?.[Symbol.asyncDispose]();
  run = undefined;
});

/** A value that a field has rightly, nearly, or not at all. */
const field = (...values: unknown[]) => fc.constantFrom(...values);
const id = field("a", "A_-9", "", "ä", "a b", 'a"b', 7, null, "x".repeat(64), "x".repeat(65));
const lines = fc.record({
  interaction_id: id,
  user_id: id,
  product_id: id,
  interaction_type: field("view", "add_to_cart", "purchase", "View", "views", 1, null),
  timestamp: field(
    `${DAY}T10:00:00Z`,
    `${DAY}T10:00:00.123456Z`,
    `${DAY}T24:00:00Z`,
    "2026-02-30T10:00:00Z",
    "1969-12-31T10:00:00Z",
    `${DAY}T10:00:00+01:00`,
    `${DAY} 10:00:00`,
    1,
  ),
  session_id: id,
  rating: field(null, 1, 4.5, 5, 5.5, 0, "4", 1e-9, 4.999999),
  device_type: field(null, "mobile", "desktop", "tablet", "phone", 1),
  page_context: field(null, "search", "product_page", "Search", "4111111111111111", "", "a\nb", 3),
});

test("a line that is plain breaks the contract in nothing but the day of its moment", () => {
  let seen = 0;
  fc.assert(
    fc.property(lines, (line) => {
      if (!isPlain(JSON.stringify(line))) return;
      seen += 1;
      const { issues = [] } = v.safeParse(InteractionEvent, line);
      expect(issues.filter((issue) => v.getDotPath(issue) !== "timestamp")).toEqual([]);
    }),
    { numRuns: 20_000, seed: 5 },
  );
  expect(seen).toBeGreaterThan(5);
});

test.each([
  ["another order", (line: object) => Object.fromEntries(Object.entries(line).toReversed())],
  ["a field more", (line: object) => ({ ...line, more: 1 })],
  ["a missing field", ({ user_id: _, ...line }: Record<string, unknown>) => line],
])("%s is not plain", (_, change) => {
  expect(isPlain(JSON.stringify(event("a")))).toBe(true);
  expect(isPlain(JSON.stringify(change(event("a"))))).toBe(false);
});

test("plain lines are landed as the same lines are that are not plain", async () => {
  const sent = fc.sample(lines, { numRuns: 400, seed: 7 });
  const sound = Array.from({ length: 50 }, (_, n) =>
    event(`i${n}`, { rating: (n % 5) + 1, page_context: n % 2 === 0 ? null : "search" }),
  );
  const landed = async (change: (line: Record<string, unknown>) => Record<string, unknown>) => {
    const one = await rawRun({ settings: { landMaxBytes: 10_000_000 } });
    run = one;
    await one.put(DAY, [...sent, ...sound].map(change));
    await one.land(await one.plan());
    const rejected = (await one.quarantined()).map(({ line, reasons }) => [line, reasons]);
    const rows = await one.rows("s3://features/landed/");
    await one[Symbol.asyncDispose]();
    run = undefined;
    return { rejected, rows };
  };

  const inOrder = await landed((line) => line);
  const reversed = await landed((line) => Object.fromEntries(Object.entries(line).toReversed()));

  expect(reversed).toEqual(inOrder);
  expect(inOrder.rows.length).toBeGreaterThanOrEqual(50);
});

test("lines are plain together when each is, with either end of a line and without the last", () => {
  const lines = ["a", "b", "c"].map((id) => JSON.stringify(event(id)));

  for (const text of [`${lines.join("\n")}\n`, lines.join("\r\n"), ""]) expect(arePlain(text)).toBe(true);
  for (const text of [`${lines.join("\n")}\n\n`, `${lines.join("\n")}\n{}`, lines.join("")])
    expect(arePlain(text)).toBe(false);
});
