import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ReportPage } from "../../packages/contracts/src/index.ts";
import { first, second, system, type WrittenAnalytics, writtenAnalytics } from "./written-analytics.ts";
import { writeReport } from "./written-builds.ts";

let at: WrittenAnalytics;
beforeAll(async () => {
  at = await writtenAnalytics();
});
afterAll(() => at.remove());
beforeEach(() => at.reset());

describe("the cache", () => {
  it("may keep an answer for a while, for itself alone", async () => {
    at.maxAgeSeconds = 123;

    const response = await at.get(`${system}/churn?limit=1`);

    expect(response.headers.get("cache-control")).toBe("private, max-age=123");
  });

  it("is told 304 as long as the build is the same, and no row is read for it", async () => {
    const etag = (await at.get(`${system}/churn?limit=1`)).headers.get("etag") ?? "";
    at.read = [];

    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await at.get(`${system}/churn?limit=1`, { "if-none-match": sent });
      expect([again.status, again.headers.get("etag"), await again.text()], sent).toEqual([304, etag, ""]);
    }
    expect(at.read).toEqual([]);
  });

  it.each([
    ["another build", `${system}/churn?limit=1`, second],
    ["another page size", `${system}/churn?limit=2`, first],
    ["other rows", `${system}/churn?limit=1&customer_id=c00002`, first],
    ["another report", `${system}/segments?limit=1`, first],
  ])("is given the answer again for %s", async (_, place, build) => {
    const etag = (await at.get(`${system}/churn?limit=1`)).headers.get("etag") ?? "";
    at.current[system] = build;

    const again = await at.get(place, { "if-none-match": etag });

    expect(again.status).toBe(200);
    expect(again.headers.get("etag")).not.toBe(etag);
  });

  it("is given the answer again for other objects of the same build", async () => {
    const risk = { system: "compliance-guardian", report: "order-risk", build: second };
    const row = { order_id: "'a'", risk: "1", flagged: "false" };
    at.current["compliance-guardian"] = second;
    await writeReport(at.root, "compliance-guardian", { ...risk, rows: [row] });
    const etag = (await at.get("compliance-guardian/order-risk")).headers.get("etag") ?? "";
    await writeReport(at.root, "compliance-guardian", { ...risk, rows: [row, { ...row, order_id: "'b'" }] });

    const again = await at.get("compliance-guardian/order-risk", { "if-none-match": etag });

    expect([again.status, v.parse(ReportPage, await again.json()).rows.length]).toEqual([200, 2]);
  });

  it("does not hide a wrong question behind a 304", async () => {
    const response = await at.get(`${system}/churn?limit=0`, { "if-none-match": "*" });

    expect(response.status).toBe(400);
  });
});
