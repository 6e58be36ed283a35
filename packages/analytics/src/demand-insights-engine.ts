import { customerLifetimeValue, predictChurn, segmentCustomers } from "@penstock/models";
import { numberOf, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import type { AnalyticsSettings } from "./settings.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/**
 * Demand Insights Engine: segments of customers, what each is worth, and who may leave. Spend is price and freight of
 * orders that count; days are counted to the last day of the data.
 */
export function demandInsightsEngine(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  return reportSystem(
    "demand-insights-engine",
    input,
    ["customers", "orders"],
    ports,
    async (marts): Promise<Reports> => {
      const { settings } = ports;
      const observed = await observedDays(marts);
      return {
        ...(await segments(marts, observed, settings)),
        "lifetime-value": await lifetimeValue(marts, observed, settings),
        churn: await churn(marts, settings),
      };
    },
  );
}

/** First day with a purchase, and last day of the data. */
interface Observed {
  readonly from: string | null;
  readonly to: string | null;
}

async function observedDays(marts: Marts): Promise<Observed> {
  const [row] = await marts.rows("SELECT CAST(min(first_purchase) AS VARCHAR) AS first_day FROM customers");
  const from = row?.first_day;
  return { from: typeof from === "string" ? from : null, to: marts.asOf };
}

async function segments(marts: Marts, observed: Observed, { seed }: AnalyticsSettings): Promise<Reports> {
  const rows = await inOrder(
    marts,
    "SELECT customer_id, days_since_last, orders, CAST(spend AS DOUBLE) AS spend FROM customers",
  );
  const result = segmentCustomers(
    rows.map((row) => ({
      customer_id: textOf(row, "customer_id"),
      recency_days: numberOf(row, "days_since_last"),
      orders: numberOf(row, "orders"),
      spend: numberOf(row, "spend"),
    })),
    { ...observed, seed },
  );
  if (result.status !== "ok") {
    const report = { answer: result, rows: [] };
    return { segments: report, "customer-segments": report };
  }
  const { segments: found, customers, k, silhouettes, left_out, ...answer } = result;
  const details = { k, silhouettes, left_out };
  return {
    segments: {
      answer: { ...answer, details },
      rows: found.map(({ name: segment, ...of }) => ({ segment, ...of })),
    },
    "customer-segments": { answer: { ...answer, details }, rows: customers },
  };
}

async function lifetimeValue(
  marts: Marts,
  observed: Observed,
  { lifetimeDays, annualDiscount }: AnalyticsSettings,
): Promise<Report> {
  const rows = await inOrder(
    marts,
    "SELECT customer_id, repeat_days, recency_days, age_days, mean_repeat_spend FROM customers",
  );
  const result = customerLifetimeValue(
    rows.map((row) => ({
      customer: textOf(row, "customer_id"),
      repeat_days: numberOf(row, "repeat_days"),
      recency_days: numberOf(row, "recency_days"),
      age_days: numberOf(row, "age_days"),
      mean_spend: numberOf(row, "mean_repeat_spend"),
    })),
    { horizonDays: lifetimeDays, annualDiscount },
    observed,
  );
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers, horizon_days, annual_discount, bg_nbd, gamma_gamma, ...answer } = result;
  return {
    answer: { ...answer, details: { horizon_days, annual_discount, bg_nbd, gamma_gamma } },
    rows: customers.map(({ customer: customer_id, ...value }) => ({ customer_id, ...value })),
  };
}

async function churn(marts: Marts, { churnDays, seed }: AnalyticsSettings): Promise<Report> {
  const rows = await marts.rows(
    `SELECT order_id, customer_id, CAST(purchase_date AS VARCHAR) AS purchased_at,
            CAST(revenue AS DOUBLE) + CAST(freight AS DOUBLE) AS amount
     FROM orders WHERE counts`,
  );
  const purchases = rows
    .sort((a, b) => (textOf(a, "order_id") < textOf(b, "order_id") ? -1 : 1))
    .map((row) => ({
      customer_id: textOf(row, "customer_id"),
      purchased_at: textOf(row, "purchased_at"),
      amount: numberOf(row, "amount"),
    }));
  const result = predictChurn(purchases, { churnDays, seed });
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { customers, churn_days, cut, ...answer } = result;
  return {
    answer: { ...answer, details: { churn_days, cut } },
    rows: customers.map(({ customer_id, churn_probability, reasons: [first, second, third] }) => ({
      customer_id,
      churn_probability,
      reason_1: first?.feature ?? null,
      effect_1: first?.effect ?? null,
      reason_2: second?.feature ?? null,
      effect_2: second?.effect ?? null,
      reason_3: third?.feature ?? null,
      effect_3: third?.effect ?? null,
    })),
  };
}

/** Customers in one order, whichever order the engine has them in: what is drawn under a seed depends on it. */
async function inOrder(marts: Marts, sql: string) {
  const rows = await marts.rows(sql);
  return rows.sort((a, b) => (textOf(a, "customer_id") < textOf(b, "customer_id") ? -1 : 1));
}
