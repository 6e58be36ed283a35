import { auditPci, detectFraud, FraudResult, type OrderFacts, PciAuditResult } from "@penstock/models";
import { type Audited, auditedObjects } from "./audited-objects.ts";
import { numberOf, numberOrNull, textOf, textOrNull } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem, rowsOf } from "./report.ts";
import type { AnalyticsSettings } from "./settings.ts";
import { soundAnswer } from "./sound-answer.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/** Compliance Guardian: the risk of every order, cancelled ones included (they were tried), and the PCI audit. */
export function complianceGuardian(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  return reportSystem(SYSTEM, input, ["orders"], ports, async function* (marts): Reports {
    yield ["order-risk", await orderRisk(marts, ports.settings)];
    yield* pciReports(await auditedObjects(ports));
  });
}

const SYSTEM = "compliance-guardian";

async function orderRisk(marts: Marts, { fraud: limits, seed }: AnalyticsSettings): Promise<Report> {
  const orders = await marts.read(
    `SELECT order_id, customer_id, purchased_at, CAST(paid AS DOUBLE) AS paid, CAST(owed AS DOUBLE) AS owed, items,
            payments, installments, region FROM orders`,
    (row): OrderFacts => ({
      order_id: textOf(row, "order_id"),
      customer_id: textOf(row, "customer_id"),
      purchased_at: textOf(row, "purchased_at"),
      paid: numberOf(row, "paid"),
      owed: numberOrNull(row, "owed"),
      items: numberOf(row, "items"),
      payments: numberOf(row, "payments"),
      installments: numberOf(row, "installments"),
      region: textOrNull(row, "region"),
    }),
  );
  const result = soundAnswer(FraudResult, detectFraud(orders, { limits, seed }));
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { orders: judged, left_out, ...answer } = result;
  // Orders on the list of violations are in no mart: they were judged by the rules over several tables.
  const details = { left_out, limits, orders_left_out: marts.ordersLeftOut };
  return { answer: { ...answer, details }, rows: rowsOf(judged, riskRow) };
}

function riskRow({ order_id, risk, components, anomaly, flagged, reasons }: OrderJudged) {
  const { anomaly: risk_anomaly, velocity, mismatch, amount } = components;
  return {
    order_id,
    risk,
    risk_anomaly,
    risk_velocity: velocity,
    risk_mismatch: mismatch,
    risk_amount: amount,
    anomaly,
    flagged,
    reasons: flagged ? reasons.join("; ") : null,
  };
}

type OrderJudged = Extract<FraudResult, { status: "ok" }>["orders"][number];

function* pciReports({ objects, unreadable, older, since }: Audited): Iterable<readonly [string, Report]> {
  const result = soundAnswer(PciAuditResult, auditPci(objects));
  if (result.status !== "ok") {
    const more = unreadable === 0 ? "" : `; the metrics of ${unreadable} objects cannot be read`;
    const answer = { ...result, reason: `${result.reason}${more}` };
    yield ["pci-columns", { answer, rows: [] }];
    yield ["pci-findings", { answer, rows: [] }];
    return;
  }
  const { columns, findings, rows, ...rest } = result;
  // What the sums are of: an audit of the latest objects is not to pass for one of all.
  const details = { rows, objects_unreadable: unreadable, objects_older: older, metrics_since: since };
  const answer = { ...rest, details };
  const searched = columns.map(({ table: table_name, column: column_name, ...counts }) => {
    return { table_name, column_name, ...counts };
  });
  const found = findings.map(({ severity, table, column, finding, values, objects: held }) => {
    const place = { table_name: table, column_name: column };
    return { severity, ...place, finding, found: values, objects: held.length };
  });
  yield ["pci-columns", { answer, rows: searched }];
  yield ["pci-findings", { answer, rows: found }];
}
