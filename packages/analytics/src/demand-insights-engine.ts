import {
  ChurnResult,
  customerLifetimeValue,
  LifetimeValueResult,
  predictChurn,
  SegmentationResult,
  segmentCustomers,
} from "@penstock/models";
import { type Calendar, calendarOf, spanDetails } from "./calendar.ts";
import { numberOf, textOf } from "./cells.ts";
import { type Customer, customersIn } from "./customers.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem, rowsOf } from "./report.ts";
import { countsWithin } from "./sales-days.ts";
import type { AnalyticsSettings } from "./settings.ts";
import { soundAnswer } from "./sound-answer.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/**
 * Demand Insights Engine: segments of customers, what each is worth, and who may leave. Spend is price and freight of
 * orders that count; days are counted to the last day of the span of the data (`calendarOf`), and what lies outside of it
 * is left out.
 */
export function demandInsightsEngine(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  return reportSystem("demand-insights-engine", input, ["orders"], ports, async function* (marts): Reports {
    const calendar = await calendarOf(marts);
    const customers = calendar === null ? [] : await customersIn(marts, calendar);
    yield* segments(customers, calendar, ports.settings);
    yield ["lifetime-value", lifetimeValue(customers, calendar, ports.settings)];
    customers.length = 0;
    yield ["churn", await churn(marts, calendar, ports.settings)];
  });
}

function observedIn(calendar: Calendar | null) {
  return { from: calendar?.firstDay ?? null, to: calendar?.lastDay ?? null };
}

function* segments(
  customers: readonly Customer[],
  calendar: Calendar | null,
  { seed }: AnalyticsSettings,
): Iterable<readonly [string, Report]> {
  const known = customers.map(({ customer_id, days_since_last: recency_days, orders, spend }) => {
    return { customer_id, recency_days, orders, spend };
  });
  const result = soundAnswer(SegmentationResult, segmentCustomers(known, { ...observedIn(calendar), seed }));
  if (result.status !== "ok") {
    yield ["segments", { answer: result, rows: [] }];
    yield ["customer-segments", { answer: result, rows: [] }];
    return;
  }
  const {
    segments: found,
    customers: members,
    status,
    model,
    version,
    trained_on,
    metrics,
    ...rest
  } = result;
  const details = { ...rest, ...spanDetails(calendar) };
  const answer = { status, model, version, trained_on, metrics, details };
  yield ["segments", { answer, rows: found.map(({ name: segment, ...of }) => ({ segment, ...of })) }];
  yield ["customer-segments", { answer, rows: members }];
}

function lifetimeValue(
  customers: readonly Customer[],
  calendar: Calendar | null,
  { lifetimeDays, annualDiscount }: AnalyticsSettings,
): Report {
  const known = customers.map(
    ({ customer_id: customer, repeat_days, recency_days, age_days, mean_repeat_spend: mean_spend }) => {
      return { customer, repeat_days, recency_days, age_days, mean_spend };
    },
  );
  const horizon = { horizonDays: lifetimeDays, annualDiscount };
  const result = soundAnswer(
    LifetimeValueResult,
    customerLifetimeValue(known, horizon, observedIn(calendar)),
  );
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers: valued, horizon_days, annual_discount, bg_nbd, gamma_gamma, ...answer } = result;
  const details = { horizon_days, annual_discount, bg_nbd, gamma_gamma, ...spanDetails(calendar) };
  return {
    answer: { ...answer, details },
    rows: rowsOf(valued, ({ customer: customer_id, ...value }: Valued) => ({ customer_id, ...value })),
  };
}

type Valued = Extract<LifetimeValueResult, { status: "ok" }>["customers"][number];

async function churn(
  marts: Marts,
  calendar: Calendar | null,
  { churnDays, seed }: AnalyticsSettings,
): Promise<Report> {
  const purchases = calendar === null ? [] : await purchasesIn(marts, calendar);
  const result = soundAnswer(ChurnResult, predictChurn(purchases, { churnDays, seed }));
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers, churn_days, cut, ...answer } = result;
  return {
    answer: { ...answer, details: { churn_days, cut, ...spanDetails(calendar) } },
    rows: rowsOf(customers, churnRow),
  };
}

/** The orders of the span by customer: the last of them is on its last day, from which churn counts. */
async function purchasesIn(marts: Marts, calendar: Calendar) {
  const purchases = await marts.read(
    `SELECT customer_id, CAST(purchase_date AS VARCHAR) AS purchased_at,
            CAST(revenue AS DOUBLE) + CAST(freight AS DOUBLE) AS amount
     FROM orders WHERE ${countsWithin(calendar)}`,
    (row) => ({
      customer_id: textOf(row, "customer_id"),
      purchased_at: textOf(row, "purchased_at"),
      amount: numberOf(row, "amount"),
    }),
  );
  // What is drawn under a seed depends on the order, and the engine has none.
  return purchases.sort((a, b) => compared(a.customer_id, b.customer_id) || a.amount - b.amount);
}

type Churner = Extract<ChurnResult, { status: "ok" }>["customers"][number];

function churnRow({ customer_id, churn_probability, reasons: [first, second, third] }: Churner) {
  return {
    customer_id,
    churn_probability,
    reason_1: first?.feature ?? null,
    effect_1: first?.effect ?? null,
    reason_2: second?.feature ?? null,
    effect_2: second?.effect ?? null,
    reason_3: third?.feature ?? null,
    effect_3: third?.effect ?? null,
  };
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
