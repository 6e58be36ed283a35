import { describe, expect, it } from "vitest";
import type { Finding } from "../../packages/local/src/main-job/findings.ts";
import {
  faultsOf,
  type Report,
  renderFaults,
  renderNotes,
  renderTable,
  type TableLine,
} from "../../packages/local/src/main-job/report.ts";

const orders: TableLine = {
  table: "orders",
  rows_in: 1000,
  curated: 950,
  duplicates: 20,
  pending: 25,
  quarantined: 5,
  by_rule: { carrier_not_before_purchase: 3, "status.one_of": 2 },
  masked: 7,
  seconds: 1.25,
};
const sellers: TableLine = {
  table: "sellers",
  rows_in: 10,
  curated: 10,
  duplicates: 0,
  pending: 0,
  quarantined: 0,
  by_rule: {},
  masked: 20,
  seconds: 0.5,
};

describe("the report of a run", () => {
  it("has a line for each table with its counts, its rules under it, and a line of totals", () => {
    const rows = cellsOf(
      renderTable({ lines: [orders, sellers], findings: [finding({ planted: 9, found: 9 })] }),
    );

    expect(rows).toEqual([
      [
        "table",
        "rows in",
        "curated",
        "duplicates",
        "pending",
        "quarantined",
        "masked",
        "time",
        "planted / found",
      ],
      ["orders", "1000", "950", "20", "25", "5", "7", "1.3 s", "9 / 9"],
      ["quarantined by carrier_not_before_purchase 3, status.one_of 2"],
      ["sellers", "10", "10", "0", "0", "0", "20", "0.5 s", "0 / 0"],
      ["total", "1010", "960", "20", "25", "5", "27", "1.3 s", "9 / 9"],
    ]);
  });

  it("leaves planted and found out for data of one's own", () => {
    const [head] = cellsOf(renderTable({ lines: [orders], findings: [] }));

    expect(head).toEqual([
      "table",
      "rows in",
      "curated",
      "duplicates",
      "pending",
      "quarantined",
      "masked",
      "time",
    ]);
  });

  it("shows many rules by their kind, added up", () => {
    const by_rule = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`column_${n}.required`, 2]));

    const table = renderTable({ lines: [{ ...orders, by_rule: { ...by_rule, own_rule: 1 } }], findings: [] });

    expect(table).toContain("quarantined by *.required 40, own_rule 1");
  });

  it("names refused files, violations and what was not found as planted", () => {
    const notes = renderNotes({
      ...report([finding({ planted: 3, found: 1, missing: "ecommerce/orders-raw/x.parquet (key 7)" })], true),
      refused: [
        { key: "ecommerce/x-raw/a b.parquet", table: null, reason: "UnknownTable", detail: "no x", rows: 2 },
      ],
      violations: new Map([["payments_equal_items", 96]]),
    });

    expect(notes.join("\n")).toContain("UnknownTable  ecommerce/x-raw/a b.parquet: no x");
    expect(notes.join("\n")).toContain("payments_equal_items 96");
    expect(notes.join("\n")).toContain(
      "a kind: planted 3, found 1, first in ecommerce/orders-raw/x.parquet (key 7)",
    );
  });

  it("has no fault when all holds, and one for each balance or kind that does not", () => {
    expect(faultsOf(report([finding({ planted: 3, found: 3 })], true))).toEqual([]);
    expect(faultsOf(report([finding({ planted: 3, found: 4 })], false))).toEqual([
      "orders: 1 row too few",
      "a kind: planted 3, found 4",
    ]);
  });

  it("ends a failed run with the names of what does not hold", () => {
    expect(renderFaults(report([finding({ planted: 3, found: 4 })], false))).toBe(
      "these do not hold: orders; 1 kinds were not found as planted",
    );
  });
});

function finding(numbers: { planted: number; found: number; missing?: string }): Finding {
  return { kind: "a kind", table: "orders", missing: undefined, ...numbers };
}

function report(findings: Finding[], holds: boolean): Report {
  const check = { name: "orders", holds, detail: "1 row too few" };
  return { lines: [orders], refused: [], findings, violations: new Map(), checks: [check] };
}

function cellsOf(table: string): string[][] {
  return table
    .split("\n")
    .map((row) => row.trim().split(/\s{2,}/))
    .filter(([first]) => first !== "");
}
