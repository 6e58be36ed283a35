import { systems } from "@penstock/contracts";
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

/** The report of a run as one HTML page that needs no network and no script. */
export function renderProdPage(prod: Prod): string {
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
