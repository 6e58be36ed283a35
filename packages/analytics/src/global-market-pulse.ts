import {
  analyseRegions,
  findOpportunities,
  OpportunitiesResult,
  RegionalResult,
  type SalesCell,
} from "@penstock/models";
import { type Calendar, calendarOf, spanDetails } from "./calendar.ts";
import { numberOf, numberOrNull, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import { soundAnswer } from "./sound-answer.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/** Global Market Pulse: where growth, share and margin promise most, and what each region is. Whole months only. */
export function globalMarketPulse(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  const needs = ["orders", "regional_sales"] as const;
  return reportSystem("global-market-pulse", input, needs, ports, async function* (marts): Reports {
    const calendar = await calendarOf(marts);
    const cells = calendar === null ? [] : await wholeMonths(marts, calendar);
    const details = spanDetails(calendar);
    const opportunities = soundAnswer(OpportunitiesResult, findOpportunities(cells));
    yield ["opportunities", opportunityReport(opportunities, details)];
    yield ["regions", regionReport(soundAnswer(RegionalResult, analyseRegions(cells)), details)];
  });
}

type Details = Readonly<Record<string, unknown>>;

async function wholeMonths(marts: Marts, { wholeMonths: months }: Calendar): Promise<SalesCell[]> {
  const known = new Set(months);
  const cells = await marts.read(
    `SELECT "month" AS "period", region, category, orders, CAST(revenue AS DOUBLE) AS revenue,
            CAST(cost AS DOUBLE) AS cost FROM regional_sales`,
    (row): SalesCell => ({
      region: textOf(row, "region"),
      category: textOf(row, "category"),
      period: textOf(row, "period"),
      revenue: numberOf(row, "revenue"),
      orders: numberOf(row, "orders"),
      cost: numberOrNull(row, "cost"),
    }),
  );
  const order = ({ region, category, period }: SalesCell) => JSON.stringify([region, category, period]);
  return cells.filter(({ period }) => known.has(period)).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function opportunityReport(result: OpportunitiesResult, details: Details): Report {
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { opportunities, left_out, ...answer } = result;
  return { answer: { ...answer, details: { left_out: left_out.length, ...details } }, rows: opportunities };
}

function regionReport(result: RegionalResult, details: Details): Report {
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { regions, ...answer } = result;
  return {
    answer: { ...answer, details },
    rows: regions.map(({ growth, specialty, ...region }) => ({
      ...region,
      growth: growth?.rate ?? null,
      growth_low: growth?.low ?? null,
      growth_high: growth?.high ?? null,
      specialty: specialty?.category ?? null,
      location_quotient: specialty?.location_quotient ?? null,
    })),
  };
}
