import { analyseRegions, findOpportunities, type SalesCell } from "@penstock/models";
import { calendarOf } from "./calendar.ts";
import { numberOf, numberOrNull, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/** Global Market Pulse: where growth, share and margin promise most, and what each region is. Whole months only. */
export function globalMarketPulse(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  const needs = ["orders", "regional_sales"] as const;
  return reportSystem("global-market-pulse", input, needs, ports, async function* (marts): Reports {
    const cells = await wholeMonths(marts);
    yield ["opportunities", opportunityReport(findOpportunities(cells))];
    yield ["regions", regionReport(analyseRegions(cells))];
  });
}

async function wholeMonths(marts: Marts): Promise<SalesCell[]> {
  const calendar = await calendarOf(marts);
  const last = calendar?.lastWholeMonth;
  if (last === undefined || last === null) return [];
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
  return cells.filter(({ period }) => period <= last).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function opportunityReport(result: ReturnType<typeof findOpportunities>): Report {
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { opportunities, left_out, ...answer } = result;
  return { answer: { ...answer, details: { left_out: left_out.length } }, rows: opportunities };
}

function regionReport(result: ReturnType<typeof analyseRegions>): Report {
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { regions, ...answer } = result;
  return {
    answer: { ...answer, details: {} },
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
