import { XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { renderFeaturePage, renderProdPage } from "../../packages/local/src/main-job/html/prod-page.ts";
import { someFeatures, someRun } from "./some-features.ts";
import { hostile, someProd } from "./some-prod.ts";

const titlesOf = (page: string) => [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);
const drawings = (page: string): string[] => page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
const days = ["2026-11-16", "2026-11-17", "2026-11-18"];

describe("the features in report.html", () => {
  it("come last, as statements about days, users, products, drift and values", () => {
    const compared = someRun("daily-2026-11-16", ["2026-11-16"], { psi: 0.4 });

    const titles = titlesOf(renderProdPage(someProd(), someFeatures("shoes", [compared])));

    expect(titles.slice(-6)).toEqual([
      "27 interactions of 3 days; 4 users and 3 products have features",
      "Half of 4 users made no more than 2 interactions; the busiest tenth made 94 % of all",
      "shoes is viewed most: 12.5 times a day",
      "shoes trends most: 3 times as many views a day as before",
      "1 of 1 features of daily-2026-11-16 differ much from the baseline",
      "2 features of weekly-2026-11-15",
    ]);
  });

  it("say what is not known: nothing to compare with, and nothing viewed before", () => {
    const page = renderFeaturePage("Clicks", { ...someFeatures(), trending: [] });

    expect(titlesOf(page)).toContain("Drift: not enough data");
    expect(titlesOf(page)).toContain("Trending products: not enough data");
    expect(page).toContain("Absent, since the sources do not tell: item.avg_rating.");
  });

  it("have drift day by day where each day was run in its turn", () => {
    const daily = days.map((day) => someRun(`daily-${day}`, [day], { psi: 0.4 }));

    const page = renderFeaturePage("Clicks", someFeatures("shoes", daily));

    expect(page).toContain("Features that differ much from the baseline, by day.");
    expect(page).toMatch(/<td>user\.total_interactions<\/td><td class="number">0\.400<\/td>/);
  });

  it("load nothing, and values from outside stay texts", () => {
    const page = renderFeaturePage(hostile, someFeatures(hostile));

    expect(page).not.toMatch(/<(script|img|link|image)\b/i);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(drawings(page)).toHaveLength(4);
    for (const drawing of drawings(page)) expect(XMLValidator.validate(drawing)).toBe(true);
  });
});
