import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { renderProdPage } from "../../packages/local/src/main-job/html/prod-page.ts";
import { hostile, poorProd, someProd } from "./some-prod.ts";

const drawings = (page: string): string[] => page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];

describe("report.html", () => {
  const page = renderProdPage(someProd());

  it("loads nothing and runs nothing: no address, no script, no handler, and a policy that forbids them", () => {
    expect(page).not.toMatch(/https?:/i);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|image|use|foreignObject)\b/i);
    expect(page).not.toMatch(/\s(on\w+|src|href|xlink:href|srcset)=/i);
    expect(page).not.toMatch(/url\(|@import/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it("draws every important finding, and each drawing is well-formed and says what it shows", () => {
    const found = drawings(page);

    expect(found).toHaveLength(8);
    for (const drawing of found) {
      expect(XMLValidator.validate(drawing)).toBe(true);
      expect(drawing).toMatch(/role="img" aria-label="[^"]{10,}"/);
      expect(drawing).toContain("<path");
    }
  });

  it("takes all its colours from the style sheet, which has them for light and for dark", () => {
    for (const drawing of drawings(page)) expect(drawing).not.toMatch(/(fill|stroke)="(#|rgb)/);
    const used = new Set([...page.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name));
    const [light = "", dark = ""] = page.split("prefers-color-scheme: dark");

    expect(used.size).toBeGreaterThan(5);
    for (const name of used) {
      expect(light).toContain(`${name}: `);
      expect(dark).toContain(`${name}: `);
    }
  });

  it("says what is seen in each title", () => {
    const titles = [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);

    expect(titles).toEqual([
      "30,800 of revenue is expected in the 28 days from 2025-04-11, +10 % on the 28 before",
      "Of 3 series 1 rise and 1 fall; the others have no clear trend",
      "electronics: 40 % of the customers, 80 % of the spend",
      "Half of 100 customers are worth less than 49; the top tenth holds 19 % of all value",
      "49 of 100 customers are likelier to leave than to stay",
      "4 of 50 orders are flagged (8 %)",
      "PCI audit: 1,000 values searched, 900 masked, 1 findings",
      "SP, electronics promises most; 1 of 2 opportunities are certain",
      "SP brings 80 % of all revenue, of 2 regions",
      "Asked: What are the top 5 categories by revenue?",
      "1 patterns of queries over the marts and reports",
    ]);
  });

  it("has the numbers of each chart as a table, for who does not see it", () => {
    const figures = page.split("<figure>").slice(1);

    for (const figure of figures) expect(figure).toContain("<table>");
    const parsed = new XMLParser({ preserveOrder: false }).parse(
      /<table>[\s\S]*?<\/table>/.exec(figures[0] ?? "")?.[0] ?? "",
    );
    expect(parsed.table.tbody.tr).toHaveLength(28);
    expect(parsed.table.tbody.tr[0].td.slice(0, 2)).toEqual(["2025-04-11", "1,100"]);
  });

  it("says that the copilot's model is the offline one, and shows its query", () => {
    expect(page).toContain("penstock-offline, the offline model: rules, no language model");
    expect(page).toContain("SELECT category, sum(revenue) AS revenue FROM sales GROUP BY category");
  });
});

describe("values from outside", () => {
  it("are text on the page, whatever they hold: in titles, axes, tables and notes", () => {
    const page = renderProdPage(someProd(hostile));

    expect(page).not.toMatch(/<(script|img)\b/i);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toContain("onerror=&quot;alert(&#39;2&#39;)&quot;");
    expect(drawings(page)).toHaveLength(8);
    for (const drawing of drawings(page)) expect(XMLValidator.validate(drawing)).toBe(true);
  });

  it("are not taken for a template of the chart's", () => {
    const page = renderProdPage(someProd("{value} {b}"));

    expect(drawings(page).join("")).toContain("{value} {b}");
  });
});

describe("data that say too little", () => {
  it("give the reason in place of each chart, and no number that is none", () => {
    const page = renderProdPage(poorProd("A single customer & one day."));

    expect(drawings(page)).toEqual([]);
    expect(page.match(/A single customer &amp; one day\./g)?.length).toBeGreaterThanOrEqual(9);
    expect(page).not.toMatch(/NaN|undefined|Infinity|>null</);
  });

  it("make a page all the same when nothing is built, or only one customer and one order are there", () => {
    const nothing = renderProdPage({
      ...someProd(),
      marts: undefined,
      systems: [],
      sales: [],
      asked: undefined,
    });
    const one = renderProdPage(
      someProd("x", {
        "market-intelligence-hub": {},
        "demand-insights-engine": {
          "lifetime-value": [{ alive_probability: 1, lifetime_value: 0 }],
          churn: [{ churn_probability: 1, reason_1: null }],
          segments: [
            { segment: "all", customers: 1, share: 1, spend_share: 0, recency_days: 0, orders: 1, spend: 0 },
          ],
        },
        "compliance-guardian": { "order-risk": [{ order_id: "o", risk: 0, flagged: false, reasons: null }] },
        "global-market-pulse": {
          regions: [{ region: "SP", revenue: 0, share: 0, orders: 1, growth: null, specialty: null }],
        },
        "retail-copilot": {},
      }),
    );

    for (const page of [nothing, one]) expect(page).not.toMatch(/NaN|undefined|Infinity|>null</);
    expect(drawings(nothing)).toEqual([]);
    expect(drawings(one).length).toBeGreaterThan(3);
  });
});
