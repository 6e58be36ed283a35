import { expect, test } from "vitest";
import { videosSummary } from "../../packages/campaign/src/agent/tool-result.ts";
import { video } from "./product-fixture.ts";

test("what the agent is told of videos is at most 6,000 bytes, in whatever script they are called", () => {
  const ten = Array.from({ length: 10 }, (_, at) =>
    video(`aaaaaaaaaa${at}`, { title: "器".repeat(100), description: "茶".repeat(200) }),
  );

  const told = videosSummary({ state: "ok", videos: ten });

  expect(Buffer.byteLength(told)).toBeLessThanOrEqual(6000);
  expect(told.match(/器{100}/g)?.length).toBeGreaterThanOrEqual(5);
});
