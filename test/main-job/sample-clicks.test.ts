import { describe, expect, it } from "vitest";
import { clickstream } from "../../packages/local/src/interactions/clickstream.ts";
import { sampleClicks } from "../../packages/local/src/interactions/sample-clicks.ts";

const shop = (users: number, products: number) => ({
  users: Array.from({ length: users }, (_, n) => `u${n}`),
  products: Array.from({ length: products }, (_, n) => ({ product_id: `p${n}`, category: `c${n % 3}` })),
});
const until = Date.parse("2026-03-09T00:00:00Z");

describe("the sample's clicks", () => {
  it.each([3, 400])("have all that is planted in them, of %i people too", (users) => {
    const clicks = sampleClicks({ seed: 1, shop: shop(users, 20), interactions: 4000, until });
    const [last] = clicks.lastDay;

    const machine = last?.lines.filter((line) => line.includes('"sess_bot"')) ?? [];
    expect(machine).toHaveLength(clicks.planted.bots);
    const others = (last?.lines ?? []).filter((line) => line.includes(`"u${users - 1}"`));
    expect(others).toHaveLength(clicks.planted.bots);
    const all = [...(last?.lines ?? []), ...clicks.sent.map((one) => JSON.stringify(one))];
    expect(new Set(all).size).toBe(all.length - clicks.planted.duplicates);
    const sentOf = (day: string) => clicks.sent.filter(({ timestamp }) => timestamp.startsWith(day));
    expect(sentOf("2026-03-07")).toHaveLength(clicks.planted.late);
    expect(sentOf("2026-03-08")).toHaveLength(40 - clicks.planted.late);
    for (const { interaction_id } of clicks.sent)
      expect(last?.lines.filter((line) => line.includes(interaction_id)).length).toBeLessThanOrEqual(1);
    expect(clicks).toMatchObject({ day: "2026-03-08", historyEnds: "2026-03-07" });
  });
});

describe("a clickstream", () => {
  const stream = { seed: 2, shop: shop(200, 50), from: until, days: 3, interactions: 3000 };

  it("is the same for the same seed, of as many interactions as were asked for, each day its own", () => {
    const days = [0, 1, 2].map((day) => clickstream(stream).day(day));

    expect(days.flat()).toHaveLength(3000);
    expect(new Set(days.flat().map(({ interaction_id }) => interaction_id)).size).toBe(3000);
    expect(clickstream(stream).day(1)).toEqual(days[1]);
    expect(clickstream({ ...stream, seed: 3 }).day(1)).not.toEqual(days[1]);
    for (const { timestamp } of days[2] ?? []) expect(timestamp.slice(0, 10)).toBe("2026-03-11");
  });

  it("has few people and products that make most of the traffic", () => {
    const events = clickstream(stream).day(0);
    const first = events.filter(({ product_id }) => product_id === "p0").length;
    const rare = events.filter(({ product_id }) => product_id === "p49").length;

    expect(first).toBeGreaterThan(5 * rare);
  });
});
