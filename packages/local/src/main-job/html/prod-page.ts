import { systems } from "@penstock/contracts";
import type { FeatureFacts } from "../features/feature-facts.ts";
import {
  churnFacts,
  forecastFacts,
  number,
  opportunityFacts,
  riskFacts,
  segmentFacts,
  seriesName,
  type Told,
  valueFacts,
  word,
} from "../prod/facts.ts";
import { change, figure, percent } from "../prod/figures.ts";
import type { Prod } from "../prod/prod.ts";
import { featureSection } from "./feature-figures.ts";
import { forecastFigure, opportunityFigure, regionFigure, trendFigure } from "./market-figures.ts";
import { type Page, renderPage } from "./page.ts";
import {
  churnFigure,
  copilotFigures,
  pciFigures,
  riskFigure,
  segmentFigure,
  valueFigure,
} from "./people-figures.ts";

/** The report of a run as one HTML page that needs no network and no script: of prod, and of the features where there are any. */
export function renderProdPage(prod: Prod, features?: FeatureFacts): string {
  return renderPage({
    title: "What the data say",
    about: aboutOf(prod),
    tiles: tilesOf(prod),
    sections: [
      { title: systems["market-intelligence-hub"].title, figures: [forecastFigure(prod), trendFigure(prod)] },
      {
        title: systems["demand-insights-engine"].title,
        figures: [segmentFigure(prod), valueFigure(prod), churnFigure(prod)],
      },
      { title: systems["compliance-guardian"].title, figures: [riskFigure(prod), ...pciFigures(prod)] },
      { title: systems["global-market-pulse"].title, figures: [opportunityFigure(prod), regionFigure(prod)] },
      { title: systems["retail-copilot"].title, figures: copilotFigures(prod) },
      ...(features === undefined ? [] : [featureSection(features)]),
    ],
  });
}

function aboutOf({ marts }: Prod): string {
  if (marts === undefined) return "Nothing is built yet.";
  const { build, built_at, as_of, curated_rows, orders_left_out } = marts;
  return `Build ${build} of ${built_at}, from ${figure(curated_rows)} curated rows with sales up to ${as_of ?? "no day"}. ${figure(orders_left_out)} orders are left out that break a rule over several tables.`;
}

function tilesOf(prod: Prod): Page["tiles"] {
  return [
    tile("Expected revenue", forecastFacts(prod), ({ expected, days, frequency, before }) => [
      figure(expected),
      `next ${days.length} ${frequency}s${before === undefined || before === 0 ? "" : `, ${change(expected / before - 1)}`}`,
    ]),
    tile("Best segment", segmentFacts(prod), ([first]) => [
      word(first?.segment),
      `${percent(number(first?.spend_share))} of the spend`,
    ]),
    tile("Median lifetime value", valueFacts(prod), ({ median, customers }) => [
      figure(median),
      `of ${figure(customers)} customers`,
    ]),
    tile("Likely to leave", churnFacts(prod), ({ likely, probabilities }) => [
      figure(likely),
      `of ${figure(probabilities.length)} customers`,
    ]),
    tile("Flagged orders", riskFacts(prod), ({ flagged, orders }) => [
      figure(flagged),
      `of ${figure(orders)}`,
    ]),
    tile("Best opportunity", opportunityFacts(prod), ([first]) => [
      first === undefined ? "–" : seriesName(first),
      typeof first?.growth === "number" ? `${change(first.growth)} a month` : "growth not known",
    ]),
  ];
}

function tile<Facts>(
  name: string,
  told: Told<Facts>,
  say: (facts: Facts) => readonly [value: string, note: string],
): Page["tiles"][number] {
  if ("reason" in told) return { name, value: "–", note: "not enough data" };
  const [value, note] = say(told.known);
  return { name, value, note };
}

/** The report of the feature pipeline alone, for a folder that is a clickstream. */
export function renderFeaturePage(title: string, facts: FeatureFacts): string {
  const { run_id, as_of, days, rows } = facts.weekly;
  const lines = days.reduce((sum, day) => sum + day.lines, 0);
  const [first, last] = [days.at(0)?.day ?? "", days.at(-1)?.day ?? ""];
  return renderPage({
    title,
    about: `Features of ${run_id}, as of ${as_of}, from ${figure(lines)} lines of ${first} to ${last}.`,
    tiles: [
      { name: "Interactions", value: figure(rows.interaction), note: "have features" },
      { name: "Users", value: figure(rows.user), note: `up to ${last}` },
      { name: "Products", value: figure(rows.item), note: "that somebody looked at or bought" },
      { name: "Days in turn", value: figure(facts.daily.length), note: "before everything at once" },
    ],
    sections: [featureSection(facts)],
  });
}
