import { type AuditedObject, auditPci, PciAuditResult } from "@penstock/models";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

const objects: AuditedObject[] = [
  {
    object: "s3://raw/ecommerce/payments-raw/b.parquet",
    table: "payments",
    rows_in: 100,
    columns: [
      { column: "card_number", scan: "pan", scanned: 90, masked: 90 },
      { column: "cvv", scan: "cvv", scanned: 3, masked: 3 },
    ],
  },
  {
    object: "s3://raw/ecommerce/payments-raw/a.parquet",
    table: "payments",
    rows_in: 50,
    columns: [
      { column: "card_number", scan: "pan", scanned: 40, masked: 10 },
      { column: "cvv", scan: "cvv", scanned: 0, masked: 0 },
    ],
  },
  {
    object: "s3://raw/ecommerce/orders-raw/c.parquet",
    table: "orders",
    rows_in: 20,
    columns: [
      { column: "notes", scan: "free text", scanned: 20, masked: 4 },
      { column: "customer_id", scan: "misplaced", scanned: 2, masked: 1 },
      { column: "comment", scan: "free text", scanned: 20, masked: 0 },
    ],
  },
];

describe("the PCI audit", () => {
  test("adds up what was searched and masked, by table and column", () => {
    const result = auditPci(objects);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(PciAuditResult, result)).toBe(true);
    expect(result.rows).toBe(170);
    expect(result.metrics).toEqual({
      columns_scanned: 5,
      values_scanned: 175,
      values_masked: 108,
      findings: 3,
    });
    expect(result.columns.find(({ column }) => column === "card_number")).toEqual({
      table: "payments",
      column: "card_number",
      scan: "pan",
      objects: 2,
      scanned: 130,
      masked: 100,
      masked_share: 100 / 130,
    });
  });

  test("finds card data where none may stand, the worst first, with the objects that held them", () => {
    const result = auditPci(objects);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(
      result.findings.map(({ severity, column, values, objects: held }) => [severity, column, values, held]),
    ).toEqual([
      ["high", "notes", 4, ["s3://raw/ecommerce/orders-raw/c.parquet"]],
      ["high", "cvv", 3, ["s3://raw/ecommerce/payments-raw/b.parquet"]],
      ["medium", "customer_id", 1, ["s3://raw/ecommerce/orders-raw/c.parquet"]],
    ]);
  });

  test("is the same in whatever order the objects come", () => {
    expect(auditPci(objects.toReversed())).toEqual(auditPci(objects));
  });

  test("of nothing says so", () => {
    expect(auditPci([])).toMatchObject({ status: "not enough data", reason: "no object was refined" });
  });
});
