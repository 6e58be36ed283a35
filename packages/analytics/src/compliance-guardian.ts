import { contracts } from "@penstock/contracts";
import {
  type AuditedObject,
  auditPci,
  detectFraud,
  type FraudResult,
  type OrderFacts,
} from "@penstock/models";
import { ContractViolation, inParallel, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { numberOf, numberOrNull, textOf, textOrNull } from "./cells.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem, rowsOf } from "./report.ts";
import type { AnalyticsSettings } from "./settings.ts";
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
  const result = detectFraud(orders, { limits, seed });
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { orders: judged, left_out, ...answer } = result;
  return { answer: { ...answer, details: { left_out, limits } }, rows: rowsOf(judged, riskRow) };
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

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What of a refine's metrics the audit reads. */
const RefineCounts = v.object({
  object: v.string(),
  table: v.string(),
  rows_in: count,
  columns: v.array(v.object({ column: v.string(), scan: v.string(), scanned: count, masked: count })),
});

/** What refining counted of every object: `metrics/<table>/….json` of the audit bucket. */
async function auditedObjects({ store, settings }: AnalyticsPorts): Promise<AuditedObject[]> {
  const uris: S3Uri[] = [];
  for (const table of Object.keys(contracts)) {
    for await (const { uri } of store.list(s3Uri(settings.audit, `metrics/${table}/`))) uris.push(uri);
  }
  return inParallel(uris.sort(), async (uri) => {
    const parsed = v.safeParse(RefineCounts, await store.getJson(uri));
    if (parsed.success) return parsed.output;
    throw new ContractViolation(
      `${uri} does not have the form of a refine's metrics; refine its object again`,
    );
  });
}

function* pciReports(objects: readonly AuditedObject[]): Iterable<readonly [string, Report]> {
  const result = auditPci(objects);
  if (result.status !== "ok") {
    yield ["pci-columns", { answer: result, rows: [] }];
    yield ["pci-findings", { answer: result, rows: [] }];
    return;
  }
  const { columns, findings, rows, ...rest } = result;
  const answer = { ...rest, details: { rows } };
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
