import {
  type Contract,
  compileTable,
  contractFor,
  contracts,
  IncompatibleColumns,
  physicalMismatch,
  resolveSource,
} from "@penstock/contracts";
import { describe, expect, test } from "vitest";

const olistItems = Object.keys(contracts.order_items.sources.olist?.columns ?? {});
const own = (contract: Contract) => contract.columns.map((column) => column.name);
const required = (contract: Contract) =>
  contract.columns.filter((column) => !column.optional).map((column) => column.name);

describe("the source of a file", () => {
  test("is found by its columns, in any order, with or without the optional ones", () => {
    for (const contract of Object.values<Contract>(contracts)) {
      expect(resolveSource(contract, own(contract).reverse())).toEqual({ source: "penstock" });
      expect(resolveSource(contract, required(contract))).toEqual({ source: "penstock" });
      const { olist } = contract.sources;
      if (olist !== undefined) {
        expect(resolveSource(contract, Object.keys(olist.columns))).toEqual({ source: "olist" });
      }
    }
  });

  test("is the nearest one when none fits, with what is missing and what is too much", () => {
    const names = olistItems.filter((name) => name !== "price").concat("colour");
    expect(resolveSource(contracts.order_items, names)).toEqual({
      mismatch: { missing: ["price"], extra: ["colour"], nearest: "olist" },
    });
  });

  test("compares names exactly and counts a name that stands twice as extra", () => {
    const names = required(contracts.inventory);
    expect(resolveSource(contracts.inventory, [...names, "QUANTITY", "quantity"])).toEqual({
      mismatch: { missing: [], extra: ["QUANTITY", "quantity"], nearest: "penstock" },
    });
  });

  test("does not take a property of every object for a column", () => {
    const resolved = resolveSource(contracts.inventory, [...required(contracts.inventory), "constructor"]);
    expect(resolved).toEqual({ mismatch: { missing: [], extra: ["constructor"], nearest: "penstock" } });
    expect(contractFor("constructor")).toBeUndefined();
    expect(contractFor("orders")).toBe(contracts.orders);
  });

  test("files of a folder are told apart by their base names, which no two tables share", () => {
    for (const source of ["penstock", "olist"]) {
      const files = Object.values<Contract>(contracts).flatMap(
        (contract) => contract.sources[source]?.files ?? [],
      );
      expect(new Set(files).size).toBe(files.length);
      expect(files).not.toContain("order_payments_all");
    }
  });
});

describe("stored types", () => {
  const items = (change: Record<string, string>) =>
    required(contracts.order_items).map((name) => ({ name, type: change[name] ?? "VARCHAR" }));

  test("that can be read without another meaning are accepted", () => {
    const types = [
      "BIGINT",
      "INTEGER",
      "UTINYINT",
      "HUGEINT",
      "DOUBLE",
      "FLOAT",
      "DECIMAL(9,0)",
      "DECIMAL(38, 2)",
    ];
    for (const type of types) {
      expect(
        physicalMismatch(contracts.order_items, "penstock", items({ order_item_id: type })),
        type,
      ).toEqual([]);
    }
  });

  test.each([
    ["order_id", "BOOLEAN"],
    ["order_id", "BIGINT"],
    ["order_id", "BLOB"],
    ["order_id", "VARCHAR[]"],
    ["order_item_id", "BOOLEAN"],
    ["order_item_id", "TIMESTAMP"],
    ["price", "FLOAT"],
    ["price", "STRUCT(a INTEGER)"],
    ["shipping_limit_at", "BIGINT"],
    ["shipping_limit_at", "TIME"],
    ["shipping_limit_at", "constructor"],
  ])("%s as %s is a mismatch that says what was expected", (column, found) => {
    const physical = items({ [column]: found });
    expect(physicalMismatch(contracts.order_items, "penstock", physical)).toEqual([
      { column, expected: expect.any(String), found },
    ]);
    expect(() => compileTable(contracts.order_items, "penstock", physical)).toThrow(IncompatibleColumns);
  });

  test("compile only when every needed column is there and no other", () => {
    const [, ...fewer] = items({});
    expect(() => compileTable(contracts.order_items, "penstock", fewer)).toThrow(/missing order_id/);
    const more = [...items({}), { name: "colour", type: "VARCHAR" }];
    expect(() => compileTable(contracts.order_items, "penstock", more)).toThrow(/unknown colour/);
  });

  test("leave out the rules that they cannot break", () => {
    const rulesWith = (type: string) =>
      compileTable(contracts.order_items, "penstock", items({ price: type }))
        .rules.map(({ rule }) => rule)
        .filter((rule) => rule.startsWith("price."));
    expect(rulesWith("DECIMAL(10,2)")).toEqual(["price.required", "price.min_value"]);
    expect(rulesWith("UINTEGER")).toEqual(["price.required", "price.max_value"]);
    expect(rulesWith("VARCHAR")).toEqual([
      "price.required",
      "price.type",
      "price.not_finite",
      "price.decimals",
      "price.min_value",
      "price.max_value",
    ]);
  });

  test("of absent optional columns become typed NULLs, and every contract column is decoded in order", () => {
    const { decoded } = compileTable(contracts.order_items, "penstock", items({}));
    expect(decoded.map(({ column }) => column)).toEqual(own(contracts.order_items));
    expect(decoded.slice(-2)).toEqual([
      { column: "quantity", sql: "CAST(NULL AS BIGINT)" },
      { column: "updated_at", sql: "CAST(NULL AS TIMESTAMP)" },
    ]);
  });
});
