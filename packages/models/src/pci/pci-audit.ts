import * as v from "valibot";
import { count, notEnoughData, probability, resultOf } from "../result.ts";

const MODEL = "pci-audit";
const VERSION = 1;

/** What refining counted in one object; a refine's metrics have this form. */
export interface AuditedObject {
  readonly object: string;
  readonly table: string;
  readonly rows_in: number;
  readonly columns: readonly AuditedColumn[];
}

/** One column that was searched or masked in one object. */
export interface AuditedColumn {
  readonly column: string;
  /** The class of the column (`pan`, `cvv`, `ssn` …), "free text", or "misplaced" (values that broke a rule of theirs). */
  readonly scan: string;
  /** Values looked at. */
  readonly scanned: number;
  /** Values changed by the mask, dropped ones included. */
  readonly masked: number;
}

const Finding = v.strictObject({
  severity: v.picklist(["high", "medium"]),
  table: v.string(),
  column: v.string(),
  finding: v.string(),
  /** Values that were found and masked. */
  values: count,
  /** Objects that held them, sorted. */
  objects: v.array(v.string()),
});

export const PciAuditResult = resultOf(MODEL, VERSION, {
  rows: count,
  columns: v.array(
    v.strictObject({
      table: v.string(),
      column: v.string(),
      scan: v.string(),
      objects: count,
      scanned: count,
      masked: count,
      masked_share: probability,
    }),
  ),
  findings: v.array(Finding),
});
export type PciAuditResult = v.InferOutput<typeof PciAuditResult>;

/** A column and kind of search over all objects. */
interface Searched {
  readonly table: string;
  readonly column: string;
  readonly scan: string;
  scanned: number;
  masked: number;
  readonly found: { readonly uri: string; readonly masked: number }[];
}

/**
 * What was found where, and what of it a requirement speaks against. Card numbers in a column of their own are expected
 * and masked: no finding.
 */
const findings: Readonly<Record<string, { severity: "high" | "medium"; finding: string }>> = {
  cvv: {
    severity: "high",
    finding:
      "card verification values were delivered; they were dropped (PCI DSS 4.0, 3.3.1.2: never stored)",
  },
  "free text": {
    severity: "high",
    finding: "card numbers in free text; they were masked (PCI DSS 4.0, 3.5.1: unreadable wherever stored)",
  },
  misplaced: {
    severity: "medium",
    finding: "card numbers in a column for something else; they were masked (PCI DSS 4.0, 3.5.1)",
  },
};

/**
 * PCI audit: which columns were searched for card data, what was found, how many values were masked.
 *
 * Method: sums of what refining counted, by table, column and kind of search; a finding where card data stood where none
 * may stand. It reports what masking saw and never looks at a value itself.
 *
 * Input: one entry per refined object. Output: columns by table and name, findings by severity. `trained_on` counts
 * objects. Metrics: totals, and `findings`.
 *
 * "Not enough data": no object was refined.
 *
 * Source: PCI DSS 4.0, requirements 3.3, 3.4 and 3.5.
 */
export function auditPci(objects: readonly AuditedObject[]): PciAuditResult {
  if (objects.length === 0) return notEnoughData(MODEL, VERSION, "no object was refined");
  const seen = new Map<string, Searched>();
  for (const { object, table, columns } of objects) {
    for (const { column, scan, scanned, masked } of columns) {
      const key = JSON.stringify([table, column, scan]);
      const so = seen.get(key) ?? { table, column, scan, scanned: 0, masked: 0, found: [] };
      so.scanned += scanned;
      so.masked += masked;
      so.found.push({ uri: object, masked });
      seen.set(key, so);
    }
  }
  const columns = [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { found, ...column }]) => ({
      ...column,
      objects: found.length,
      masked_share: column.scanned === 0 ? 0 : Math.min(1, column.masked / column.scanned),
    }));
  const found = [...seen.values()]
    .flatMap(({ table, column, scan, masked, found: where }) => {
      const known = Object.hasOwn(findings, scan) ? findings[scan] : undefined;
      if (known === undefined || masked === 0) return [];
      const holding = where.filter((one) => one.masked > 0).map(({ uri }) => uri);
      return [{ ...known, table, column, values: masked, objects: holding.sort() }];
    })
    .sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : b.values - a.values));
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: objects.length, from: null, to: null },
    metrics: {
      columns_scanned: columns.length,
      values_scanned: columns.reduce((sum, { scanned }) => sum + scanned, 0),
      values_masked: columns.reduce((sum, { masked }) => sum + masked, 0),
      findings: found.length,
    },
    rows: objects.reduce((sum, { rows_in }) => sum + rows_in, 0),
    columns,
    findings: found,
  };
}
