import { contracts } from "@penstock/contracts";
import { type AuditedObject, auditPci, detectFraud, type OrderFacts } from "@penstock/models";
import { ContractViolation, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { numberOf, numberOrNull, textOf, textOrNull } from "./cells.ts";
import { inParallel } from "./in-parallel.ts";
import type { Marts } from "./marts.ts";
import type { AnalyticsPorts } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import type { AnalyticsSettings } from "./settings.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

/** Compliance Guardian: the risk of every order, cancelled ones included (they were tried), and the PCI audit. */
export function complianceGuardian(input: SystemInput, ports: AnalyticsPorts): Promise<SystemSummary> {
  return reportSystem(
    "compliance-guardian",
    input,
    ["orders"],
    ports,
    async (marts): Promise<Reports> => ({
      "order-risk": await orderRisk(marts, ports.settings),
      ...pciReports(await auditedObjects(ports)),
    }),
  );
}

async function orderRisk(marts: Marts, { fraud: limits, seed }: AnalyticsSettings): Promise<Report> {
  const rows = await marts.rows(
    `SELECT order_id, customer_id, purchased_at, CAST(paid AS DOUBLE) AS paid,
            CAST(owed AS DOUBLE) AS owed, items, payments, installments, region FROM orders`,
  );
  const orders = rows.map(
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
  return {
    answer: { ...answer, details: { left_out, limits } },
    rows: judged.map(({ order_id, risk, components, anomaly, flagged, reasons }) => ({
      order_id,
      risk,
      risk_anomaly: components.anomaly,
      risk_velocity: components.velocity,
      risk_mismatch: components.mismatch,
      risk_amount: components.amount,
      anomaly,
      flagged,
      reasons: flagged ? reasons.join("; ") : null,
    })),
  };
}

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

function pciReports(objects: readonly AuditedObject[]): Reports {
  const result = auditPci(objects);
  if (result.status !== "ok") {
    const report = { answer: result, rows: [] };
    return { "pci-columns": report, "pci-findings": report };
  }
  const { columns, findings, rows, ...rest } = result;
  const answer = { ...rest, details: { rows } };
  return {
    "pci-columns": {
      answer,
      rows: columns.map(({ table, column, ...counts }) => ({
        table_name: table,
        column_name: column,
        ...counts,
      })),
    },
    "pci-findings": {
      answer,
      rows: findings.map(({ severity, table, column, finding, values, objects: held }) => ({
        severity,
        table_name: table,
        column_name: column,
        finding,
        found: values,
        objects: held.length,
      })),
    },
  };
}
