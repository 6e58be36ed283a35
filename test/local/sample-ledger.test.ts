import { describe, expect, it } from "vitest";
import { expectedCounts, type Planted, plantedByKind } from "../../packages/local/src/sample/ledger.ts";

describe("the ledger of what is planted", () => {
  it("counts a quarantined row once, and once under each rule that it breaks", () => {
    const ledger = [
      planted("orders", { outcome: "quarantined", rules: ["status.one_of"] }),
      planted("orders", { outcome: "quarantined", rules: ["order_id.required", "status.one_of"] }),
    ];

    const counts = expectedCounts(ledger, "orders", 10);

    expect(counts).toEqual({
      rows_in: 10,
      curated: 8,
      duplicates: 0,
      pending: 0,
      quarantined: 2,
      by_rule: { "order_id.required": 1, "status.one_of": 2 },
    });
  });

  it("takes versions and waiting rows from the curated, and nothing for what only changes or is only listed", () => {
    const ledger = [
      planted("orders", { outcome: "duplicate", rows: 2, survivor: {} }),
      planted("orders", { outcome: "pending", reasons: ["customer_id.missing_parent"] }),
      planted("orders", { outcome: "curated", cells: { notes: "************1111" } }),
      planted("orders", { outcome: "violation", rule: "payments_equal_items", listed: true }),
      planted("orders", { outcome: "refused", reason: "NotParquet" }),
      planted("orders", { outcome: "again", executions: 2 }),
    ];

    const counts = expectedCounts(ledger, "orders", 10);

    expect(counts).toMatchObject({ curated: 7, duplicates: 2, pending: 1, quarantined: 0 });
  });

  it("leaves the rows of other tables alone", () => {
    const ledger = [planted("payments", { outcome: "pending", reasons: ["order_id.missing_parent"] })];

    const counts = expectedCounts(ledger, "orders", 4);

    expect(counts).toMatchObject({ rows_in: 4, curated: 4, pending: 0 });
  });

  it("adds up each kind in the unit of its outcome", () => {
    const ledger = [
      planted("orders", { outcome: "duplicate", rows: 2, survivor: {} }, "older version"),
      planted("orders", { outcome: "duplicate", rows: 1, survivor: {} }, "older version"),
      planted("orders", { outcome: "refused", reason: "EmptyFile" }, "empty file"),
    ];

    expect(plantedByKind(ledger)).toEqual(
      new Map([
        ["older version", 3],
        ["empty file", 1],
      ]),
    );
  });
});

function planted(table: string, expected: Planted["expected"], kind = "a kind"): Planted {
  return { kind, table, object: `ecommerce/${table}-raw/x.parquet`, key: {}, expected };
}
