import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { routes } from "../../packages/api/src/index.ts";
import { SystemAnalytics, systems } from "../../packages/contracts/src/index.ts";
import {
  CUSTOMERS,
  first,
  forecasts,
  system,
  type WrittenAnalytics,
  writtenAnalytics,
} from "./written-analytics.ts";

let at: WrittenAnalytics;
beforeAll(async () => {
  at = await writtenAnalytics();
});
afterAll(() => at.remove());
beforeEach(() => at.reset());

describe("a system's overview", () => {
  it("names the current build and every report with how it stands", async () => {
    const overview = v.parse(SystemAnalytics, await (await at.get(system)).json());

    expect(overview).toMatchObject({
      system,
      title: "Demand Insights Engine",
      build: first,
      built_at: "2026-11-21T05:30:00.000Z",
    });
    expect(overview.reports.map(({ report, status, rows }) => [report, status, rows])).toEqual([
      ["segments", "not enough data", 0],
      ["customer-segments", "not enough data", 0],
      ["lifetime-value", "ok", 40_000],
      ["churn", "ok", CUSTOMERS],
    ]);
    expect(overview.reports[0]).toMatchObject({ reason: "A single customer.", model: "fixture", version: 3 });
  });

  it("leads to each report by its link", async () => {
    const overview = v.parse(SystemAnalytics, await (await at.get(system)).json());

    for (const { link, report } of overview.reports)
      expect((await at.page(link.replace("/api/analytics/", ""))).report).toBe(report);
  });

  it("has null for a report that is not there, and the others as they are", async () => {
    at.current[forecasts] = first;

    const { build, reports } = v.parse(SystemAnalytics, await (await at.get(forecasts)).json());

    const standing = Object.fromEntries(reports.map(({ report, status, rows }) => [report, [status, rows]]));
    expect(build).toBe(first);
    expect(standing).toMatchObject({ "sales-trend": ["ok", 3], "sales-forecast": [null, null] });
  });

  it("before the first build has the reports and null for the build", async () => {
    at.current = {};

    const overview = v.parse(SystemAnalytics, await (await at.get(system)).json());

    expect([overview.build, overview.built_at]).toEqual([null, null]);
    expect(overview.reports.map(({ report, status }) => [report, status])).toContainEqual(["churn", null]);
  });

  it.each(["sales", "constructor", "Demand-Insights-Engine"])(
    "of %s there is none: 404, and what there is",
    async (name) => {
      const refused = await at.problem(name);

      expect([refused.status, refused.detail]).toEqual([
        404,
        expect.stringContaining(Object.keys(systems).join(", ")),
      ]);
    },
  );
});

it("the routes of analytics need their own scope", () => {
  const own = routes.filter(({ path: where }) => /analytics|copilot/.test(where));

  expect(own.map(({ scopes }) => scopes)).toEqual(Array(3).fill(["penstock/analyse"]));
});
