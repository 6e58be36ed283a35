import { describe, expect, it } from "vitest";
import { systems } from "../../packages/contracts/src/index.ts";
import { renderProd } from "../../packages/local/src/main-job/prod/prod-lines.ts";
import { hostile, poorProd, someProd } from "./some-prod.ts";

describe("the lines about prod", () => {
  const lines = renderProd(someProd());

  it("are few, and none is longer than a screen is wide", () => {
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(150);
  });

  it("have every system with its title, and the build that all is of", () => {
    expect(lines[0]).toBe(
      "Prod: build 20261121T053000Z-000002 of 12,345 curated rows, sales up to 2025-04-10, 2 orders left out that break a rule over several tables",
    );
    for (const { title } of Object.values(systems)) expect(lines).toContain(title);
  });

  it.each([
    [
      "forecast",
      "30,800 in the 28 days from 2025-04-11, +10 % on the 28 before; the first of them 1,100 (95 %: 800 to 1,400)",
    ],
    ["trend", "sales by day have no clear trend; rising: electronics; falling: RJ"],
    ["segments", "electronics 40 % of customers, 80 % of spend; lost 60 % of customers, 20 % of spend"],
    ["lifetime value", "median 49 of 100 customers; the top tenth holds 19 %"],
    [
      "churn",
      "49 of 100 customers are likelier to leave than to stay, mostly by days since the latest order, electronics",
    ],
    ["fraud", "4 of 50 orders are flagged; the greatest risk 98 of 100: electronics"],
    ["PCI", "1,000 values of 1 columns searched, 900 masked; 1 findings, 1 of them high"],
    [
      "opportunities",
      "SP, electronics (+10 % a month, 20 % of revenue); RJ, toys (+1 % a month, 10 % of revenue, uncertain)",
    ],
    ["regions", "SP 80 % (+2 % a month), RJ 20 %"],
    ["patterns", "1 of 7 queries; most often SELECT electronics FROM sales"],
    ["query", "SELECT category, sum(revenue) AS revenue FROM sales GROUP BY category"],
    ["answer", "category revenue: electronics 1,235; – 2"],
    ["by", "penstock-offline, offline: rules, no language model; 2,048 bytes scanned"],
  ])("say of %s what its report says", (name, text) => {
    expect(lines).toContain(`  ${name.padEnd(15)} ${text}`);
  });

  it("say why where there is not enough data", () => {
    const poor = renderProd(poorProd("One day of sales."));

    expect(poor.filter((line) => line.endsWith("not enough data: One day of sales."))).toHaveLength(10);
  });

  it("say that nothing is built, and why a question was not answered", () => {
    expect(renderProd({ ...someProd(), marts: undefined })).toEqual([
      "Prod: no build of the marts is current.",
    ]);
    const refused = renderProd({
      ...someProd(),
      asked: { question: "?", refused: "503 Nothing is built yet" },
    });
    expect(refused.slice(-2)).toEqual(["  asked           ?", "  not answered    503 Nothing is built yet"]);
  });

  it("hold nothing that a terminal would act on", () => {
    const text = renderProd(someProd(`${hostile}\n\u009b2J`)).join("\n");

    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(text.split("\n")).toHaveLength(lines.length);
  });
});
