import { type Contract, contracts, type MartName, marts, tablePrefixOf } from "@penstock/contracts";
import { type QueryPlan, type S3Uri, s3Uri } from "@penstock/runtime";
import type { CuratedObjects } from "./curated-objects.ts";
import { orderSteps } from "./order-steps.ts";
import { periodSteps } from "./period-steps.ts";
import { personSteps } from "./person-steps.ts";
import { productSteps } from "./product-steps.ts";
import { SOURCES, type Step, sourceSteps } from "./source-steps.ts";

/** The marts in the order in which they are written. */
export const martNames: readonly MartName[] = [
  "sales",
  "orders",
  "customers",
  "products",
  "daily_sales",
  "regional_sales",
];

/** What the report of a plan for marts says beside the objects written, as one row. */
export const NUMBERS = "numbers";

/** All marts of a build as one query plan over the curated objects. Where nothing has landed, the marts have no rows. */
export function martsPlan(
  { tables, violations }: Pick<CuratedObjects, "tables" | "violations">,
  { build, bucket, result }: { readonly build: string; readonly bucket: string; readonly result: S3Uri },
): QueryPlan {
  const inputs: QueryPlan["inputs"] = [];
  const sources: Step[] = [];
  for (const contract of Object.values<Contract>(contracts)) {
    const uris = tables[contract.name] ?? [];
    if (uris.length > 0) inputs.push({ name: `curated_${contract.name}`, uris: [...uris] });
    const columns: Readonly<Record<string, readonly string[]>> = SOURCES;
    sources.push(...sourceSteps(contract, columns[contract.name] ?? [], uris.length));
  }
  if (violations === undefined) {
    sources.push({
      name: "violations",
      sql: "SELECT order_id FROM (SELECT CAST(NULL AS VARCHAR) AS order_id) none WHERE FALSE",
    });
  } else inputs.push({ name: "violations", uris: [violations] });
  return {
    inputs,
    steps: [...sources, ...orderSteps, ...personSteps, ...productSteps, ...periodSteps],
    outputs: martNames.map((name) => ({
      from: `mart_${name}`,
      to: s3Uri(bucket, tablePrefixOf(name, build)),
      orderBy: [...marts[name].orderBy],
      partition: {
        by: marts[name].partitionKeys.slice(1).map((key) => key.name),
        columns: marts[name].columns.map((column) => column.name),
        report: name,
      },
    })),
    reports: [{ name: NUMBERS, sql: numbersSql() }],
    result,
  };
}

function numbersSql(): string {
  const counts = Object.keys(contracts).map((table) => `SELECT count(*) AS n FROM curated_${table}`);
  return `
    SELECT c.curated_rows, l.orders_left_out, CAST(d.as_of AS VARCHAR) AS as_of
    FROM (SELECT CAST(sum(n) AS BIGINT) AS curated_rows FROM (${counts.join(" UNION ALL ")}) n) c
    CROSS JOIN (
      SELECT count(DISTINCT o.order_id) AS orders_left_out FROM curated_orders o JOIN left_out v ON v.order_id = o.order_id
    ) l
    CROSS JOIN last_day d`;
}
