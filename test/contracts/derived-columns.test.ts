import { type Contract, contracts, glueColumns, glueTable } from "@penstock/contracts";
import { expect, test } from "vitest";

const all = Object.values<Contract>(contracts);
const columnsWhere = (choose: (column: Contract["columns"][number]) => boolean) =>
  all.flatMap((contract) =>
    contract.columns.filter(choose).map((column) => `${contract.name}.${column.name}`),
  );

test("free text is every text that people wrote with room for a card number, and nothing else", () => {
  expect(columnsWhere((column) => column.freeText)).toEqual([
    "customers.name",
    "customers.city",
    "customers.notes",
    "sellers.name",
    "sellers.city",
    "products.category",
    "products.name",
    "products.description",
    "products.brand",
    "orders.notes",
    "reviews.title",
    "reviews.message",
  ]);
});

test("every column is nullable when a file may lack it", () => {
  expect(columnsWhere((column) => column.optional && !column.nullable)).toEqual([]);
  expect(columnsWhere((column) => column.nullable && !column.optional)).toEqual([
    "products.category",
    "orders.approved_at",
    "orders.carrier_at",
    "orders.delivered_at",
  ]);
});

test("every reference names a column of its parent's key, of the same type", () => {
  for (const contract of all) {
    for (const { columns, table, to } of contract.references) {
      const parent = all.find((candidate) => candidate.name === table);
      expect(parent?.primaryKey).toEqual(to);
      const types = (owner: Contract | undefined, names: readonly string[]) =>
        names.map((name) => owner?.columns.find((column) => column.name === name)?.type);
      expect(types(contract, columns)).toEqual(types(parent, to));
    }
  }
});

test("sensitive columns are those that the contracts classify", () => {
  expect(columnsWhere((column) => column.sensitive !== undefined)).toEqual([
    "customers.email",
    "customers.phone",
    "customers.ssn",
    "sellers.email",
    "sellers.phone",
    "payments.card_number",
    "payments.cvv",
  ]);
});

test("the Glue table has the curated columns, without the security code", () => {
  expect(glueColumns(contracts.payments)).toEqual([
    { name: "order_id", type: "string", comment: "never null" },
    { name: "payment_sequential", type: "bigint", comment: "1..n within the order; never null" },
    { name: "payment_type", type: "string", comment: "never null" },
    { name: "installments", type: "bigint", comment: "never null" },
    { name: "value", type: "decimal(10,2)", comment: "never null" },
    { name: "card_number", type: "string", comment: "masked pan" },
    { name: "updated_at", type: "timestamp", comment: "" },
  ]);
  expect(glueTable(contracts.payments)).toMatchObject({
    name: "payments",
    partitionKeys: [{ name: "year" }, { name: "month" }, { name: "day" }],
    parameters: { classification: "parquet", "penstock.contract.version": "1" },
  });
});
