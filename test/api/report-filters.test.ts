import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systems } from "../../packages/contracts/src/index.ts";
import {
  CUSTOMERS,
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

describe("filters", () => {
  it.each([
    ["a text", `${forecasts}/sales-trend?region=SP`, 2],
    ["two columns", `${forecasts}/sales-trend?region=SP&category=toys`, 1],
    [
      "a text with a space, an ampersand and an umlaut",
      `${forecasts}/sales-trend?region=${encodeURIComponent("Ä & b")}`,
      1,
    ],
    ["a whole number", `${forecasts}/sales-trend?change_points=0`, 2],
    ["a number", `${forecasts}/sales-trend?slope_per_period=-0.25`, 1],
    ["a number in another form", `${forecasts}/sales-trend?slope_per_period=1000`, 1],
    ["a day", `${forecasts}/sales-trend?last_change_point=2025-05-01`, 1],
    ["another day", `${forecasts}/sales-trend?last_change_point=2025-05-02`, 0],
    ["a truth value", "compliance-guardian/order-risk?flagged=true", 1],
    ["a moment", "retail-copilot/query-patterns?last_at=2025-05-01T10:20:30.5Z", 1],
    ["a value that nobody has", `${forecasts}/sales-trend?region=RJ`, 0],
    [
      "what SQL would make something of",
      `${forecasts}/sales-trend?region=${encodeURIComponent("' OR 1=1 --")}`,
      0,
    ],
  ])("by %s", async (_, place, rows) => {
    const found = await at.page(place);

    expect([found.rows.length, found.next_token]).toEqual([rows, null]);
  });

  it("go page by page through the rows that fit", async () => {
    const query = `${system}/churn?effect_1=3&limit=400`;
    const one = await at.page(query);
    const two = await at.page(`${query}&token=${one.next_token}`);

    const ids = [...one.rows, ...two.rows].map(({ customer_id }) => Number(String(customer_id).slice(1)));
    expect(ids).toEqual(Array.from({ length: CUSTOMERS }, (_, i) => i).filter((i) => i % 7 === 3));
    expect([one.rows.length, two.next_token]).toEqual([400, null]);
  });

  it.each([
    ["region=SP&colour=red", "colour", /no such column.*region, category/],
    ["build=x", "build", /no such column/],
    ["change_points=two", "change_points", /whole number/],
    ["change_points=", "change_points", /whole number/],
    ["slope_per_period=NaN", "slope_per_period", /a number/],
    ["slope_per_period=1e999", "slope_per_period", /a number/],
    ["last_change_point=2025-02-30", "last_change_point", /YYYY-MM-DD/],
    ["last_change_point=yesterday", "last_change_point", /YYYY-MM-DD/],
    ["limit=0", "limit", /1 to 1000/],
    ["limit=1001", "limit", /1 to 1000/],
    ["token=made-up", "token", /without one/],
    ["region=SP&region=RJ", "region", /more than once/],
  ])("refuse %s and name the parameter: 400", async (query, field, detail) => {
    const refused = await at.problem(`${forecasts}/sales-trend?${query}`);

    expect(refused.status).toBe(400);
    expect(refused.errors).toEqual([{ field, detail: expect.stringMatching(detail) }]);
  });

  it("must be those of the pages before: a token of other rows is refused", async () => {
    const { next_token } = await at.page(`${system}/churn?effect_1=3&limit=1`);

    for (const other of [`${system}/churn?effect_1=4&limit=1`, `${system}/churn?limit=1`]) {
      const refused = await at.problem(`${other}&token=${next_token}`);
      expect([refused.status, refused.errors?.[0]?.field]).toEqual([400, "token"]);
    }
  });

  it("never are a parameter's name: no report has a column limit or token", () => {
    const names = Object.values(systems).flatMap(({ reports }) =>
      Object.values(reports).flatMap(({ table }) => table.columns.map(({ name }) => name)),
    );

    expect(names).not.toContain("limit");
    expect(names).not.toContain("token");
  });
});
