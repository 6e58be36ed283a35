import { type Contract, compileTable, contracts, tableRules } from "@penstock/contracts";
import { toEngine } from "@penstock/runtime";
import { describe, expect, test } from "vitest";
import { LAYOUTS, physicalColumns } from "./agreement/layouts.ts";
import { probe } from "./agreement/probe.ts";

const ENGINES = ["duckdb", "spark", "athena"] as const;
const ALL = [...Object.values<Contract>(contracts), probe];

describe("compiled SQL keeps to what every engine reads alike", () => {
  test.each(Object.entries(LAYOUTS))("for columns stored as %s", (_name, layout) => {
    for (const contract of ALL) {
      const { rules, decoded } = compileTable(contract, "penstock", physicalColumns(contract, layout));
      const expressions = [...rules.map(({ broken }) => broken), ...decoded.map(({ sql }) => sql)];
      const query = `SELECT ${expressions.map((sql, index) => `${sql} AS c${index}`).join(", ")} FROM raw_rows`;
      for (const engine of ENGINES) expect(() => toEngine(query, engine)).not.toThrow();
    }
  });

  test("for rules over several tables", () => {
    for (const { sql } of tableRules) {
      for (const engine of ENGINES) expect(() => toEngine(sql, engine)).not.toThrow();
    }
  });
});

test("a rule is written out in Trino's dialect over the columns of the file", () => {
  const physical = Object.keys(contracts.order_items.sources.olist?.columns ?? {}).map((name) => ({
    name,
    type: name === "price" ? "DOUBLE" : "VARCHAR",
  }));
  const { rules, decoded } = compileTable(contracts.order_items, "olist", physical);
  const broken = new Map(rules.map((rule) => [rule.rule, rule.broken]));
  expect(broken.get("shipping_limit_at.required")).toBe('"shipping_limit_date" IS NULL');
  expect(broken.get("seller_id.format")).toBe(
    `COALESCE(NOT regexp_like("seller_id", '^[A-Za-z0-9_-]+\\z'), FALSE)`,
  );
  expect(broken.get("price.type")).toBe(
    `"price" IS NOT NULL AND CASE WHEN "price" <= CAST('Infinity' AS DOUBLE) THEN "price" END IS NULL`,
  );
  expect(decoded.find(({ column }) => column === "price")?.sql).toBe(
    `TRY_CAST(CASE WHEN "price" <= CAST('Infinity' AS DOUBLE) THEN "price" END AS DECIMAL(10, 2))`,
  );
});
