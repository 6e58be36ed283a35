import {
  type ChurnResult,
  customerLifetimeValue,
  type LifetimeValueResult,
  predictChurn,
  segmentCustomers,
} from "@penstock/models";
import { numberOf, textOf, textOrNull } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem, rowsOf } from "./report.ts";
import type { AnalyticsSettings } from "./settings.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/**
 * Demand Insights Engine: segments of customers, what each is worth, and who may leave. Spend is price and freight of
 * orders that count; days are counted to the last day of the data.
 */
export function demandInsightsEngine(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  const needs = ["customers", "orders"] as const;
  return reportSystem("demand-insights-engine", input, needs, ports, async function* (marts): Reports {
    const observed = await observedDays(marts);
    yield* segments(marts, observed, ports.settings);
    yield ["lifetime-value", await lifetimeValue(marts, observed, ports.settings)];
    yield ["churn", await churn(marts, ports.settings)];
  });
}

/** First day with a purchase, and last day of the data. */
interface Observed {
  readonly from: string | null;
  readonly to: string | null;
}

async function observedDays(marts: Marts): Promise<Observed> {
  const [from = null] = await marts.read(
    "SELECT CAST(min(first_purchase) AS VARCHAR) AS first_day FROM customers",
    (row) => textOrNull(row, "first_day"),
  );
  return { from, to: marts.asOf };
}

async function* segments(marts: Marts, observed: Observed, { seed }: AnalyticsSettings): Reports {
  const customers = await marts.read(
    "SELECT customer_id, days_since_last, orders, CAST(spend AS DOUBLE) AS spend FROM customers",
    (row) => ({
      customer_id: textOf(row, "customer_id"),
      recency_days: numberOf(row, "days_since_last"),
      orders: numberOf(row, "orders"),
      spend: numberOf(row, "spend"),
    }),
  );
  const result = segmentCustomers(inOrderOf(customers, "customer_id"), { ...observed, seed });
  if (result.status !== "ok") {
    yield ["segments", { answer: result, rows: [] }];
    yield ["customer-segments", { answer: result, rows: [] }];
    return;
  }
  const { segments: found, customers: members, k, silhouettes, left_out, ...rest } = result;
  const answer = { ...rest, details: { k, silhouettes, left_out } };
  yield ["segments", { answer, rows: found.map(({ name: segment, ...of }) => ({ segment, ...of })) }];
  yield ["customer-segments", { answer, rows: members }];
}

async function lifetimeValue(
  marts: Marts,
  observed: Observed,
  { lifetimeDays, annualDiscount }: AnalyticsSettings,
): Promise<Report> {
  const customers = await marts.read(
    "SELECT customer_id, repeat_days, recency_days, age_days, mean_repeat_spend FROM customers",
    (row) => ({
      customer: textOf(row, "customer_id"),
      repeat_days: numberOf(row, "repeat_days"),
      recency_days: numberOf(row, "recency_days"),
      age_days: numberOf(row, "age_days"),
      mean_spend: numberOf(row, "mean_repeat_spend"),
    }),
  );
  const horizon = { horizonDays: lifetimeDays, annualDiscount };
  const result = customerLifetimeValue(inOrderOf(customers, "customer"), horizon, observed);
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers: valued, horizon_days, annual_discount, bg_nbd, gamma_gamma, ...answer } = result;
  return {
    answer: { ...answer, details: { horizon_days, annual_discount, bg_nbd, gamma_gamma } },
    rows: rowsOf(valued, ({ customer: customer_id, ...value }: Valued) => ({ customer_id, ...value })),
  };
}

type Valued = Extract<LifetimeValueResult, { status: "ok" }>["customers"][number];

async function churn(marts: Marts, { churnDays, seed }: AnalyticsSettings): Promise<Report> {
  const purchases = await marts.read(
    `SELECT customer_id, CAST(purchase_date AS VARCHAR) AS purchased_at,
            CAST(revenue AS DOUBLE) + CAST(freight AS DOUBLE) AS amount
     FROM orders WHERE counts`,
    (row) => ({
      customer_id: textOf(row, "customer_id"),
      purchased_at: textOf(row, "purchased_at"),
      amount: numberOf(row, "amount"),
    }),
  );
  purchases.sort((a, b) => compared(a.customer_id, b.customer_id) || a.amount - b.amount);
  const result = predictChurn(purchases, { churnDays, seed });
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers, churn_days, cut, ...answer } = result;
  return { answer: { ...answer, details: { churn_days, cut } }, rows: rowsOf(customers, churnRow) };
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

/** Sorted by a key, whichever order the engine has them in: what is drawn under a seed depends on the order. */
function inOrderOf<Key extends string, Fact extends Readonly<Record<Key, string>>>(
  facts: Fact[],
  key: Key,
): Fact[] {
  return facts.sort((a, b) => compared(a[key], b[key]));
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
