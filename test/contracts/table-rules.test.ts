import { tableRules } from "@penstock/contracts";
import { expect, test } from "vitest";
import { forDuckDb, openDuckDb, rowsOf } from "./agreement/duckdb.ts";

test("an order is listed when its payments or its stated total differ from its items by more than a cent", async () => {
  // Prepare: an order per way to be right or wrong.
  const connection = await openDuckDb();
  await connection.run(`
    CREATE TEMP TABLE orders AS SELECT * FROM (VALUES
      ('right', 25.00::DECIMAL(12,2)), ('cent', 25.01), ('wrong', 25.02), ('untold', NULL), ('empty', 9.00)
    ) AS t (order_id, total_amount);
    CREATE TEMP TABLE order_items AS SELECT * FROM (VALUES
      ('right', 10.00::DECIMAL(10,2), 5.00::DECIMAL(10,2), 2::BIGINT),
      ('cent', 10.00, 0.00, NULL), ('cent', 15.00, 0.00, NULL),
      ('wrong', 10.00, 5.00, 2),
      ('untold', 1.00, 0.00, 1),
      ('unpaid', 1.00, 0.00, 1),
      ('huge', 99999999.99, 99999999.99, 1000000), ('huge', 99999999.99, 99999999.99, 1000000)
    ) AS t (order_id, price, freight_value, quantity);
    CREATE TEMP TABLE payments AS SELECT * FROM (VALUES
      ('right', 20.00::DECIMAL(10,2)), ('right', 5.00), ('cent', 24.99), ('wrong', 24.98), ('untold', 2.00),
      ('huge', 0.01), ('no items', 5.00)
    ) AS t (order_id, value);`);

  // Act
  const queries = tableRules.map(({ sql }) => forDuckDb(sql));
  const violations = await rowsOf(
    connection,
    `${queries.map((sql) => `(${sql})`).join(" UNION ALL ")} ORDER BY rule, order_id`,
  );

  // Assess
  expect(violations).toEqual([
    { order_id: "huge", rule: "payments_equal_items", expected: "200000199979999.98", found: "0.01" },
    { order_id: "untold", rule: "payments_equal_items", expected: "1.00", found: "2.00" },
    { order_id: "wrong", rule: "payments_equal_items", expected: "25.00", found: "24.98" },
    { order_id: "wrong", rule: "total_equals_items", expected: "25.00", found: "25.02" },
  ]);
});
