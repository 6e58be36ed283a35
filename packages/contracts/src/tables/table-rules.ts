/** A rule over rows of several tables, as one query in Trino's dialect. */
export interface TableRule {
  readonly name: string;
  readonly description: string;
  /** Views that the query reads, each named like its table and in the contract's columns and types. */
  readonly tables: readonly string[];
  /**
   * One row per violating order: `order_id` VARCHAR, `rule` VARCHAR, `expected` and `found` DECIMAL(38,2), so that
   * the answers of all rules can stand in one table.
   */
  readonly sql: string;
}

/**
 * What the items of an order cost: `price` is of one piece and `freight_value` of the whole line; a line without a
 * quantity is one piece. In decimals, so that no cent is lost to a sum of doubles.
 */
const ITEM_TOTALS = `
  SELECT order_id, CAST(sum(price * CAST(COALESCE(quantity, 1) AS DECIMAL(10, 0)) + freight_value) AS DECIMAL(38, 2)) AS total
  FROM order_items
  GROUP BY order_id`;

/**
 * Rules over several tables. Judged over curated and pending rows together: an order whose own row is in quarantine
 * still has its items and payments compared, and an order half arrived is judged again when the rest is there.
 */
export const tableRules: readonly TableRule[] = [
  {
    name: "payments_equal_items",
    description:
      "The payments of an order sum to its items and their freight, within 0.01; orders with both only.",
    tables: ["order_items", "payments"],
    sql: `
WITH items AS (${ITEM_TOTALS}
), paid AS (
  SELECT order_id, CAST(sum(value) AS DECIMAL(38, 2)) AS total
  FROM payments
  GROUP BY order_id
)
SELECT items.order_id AS order_id, 'payments_equal_items' AS rule, items.total AS expected, paid.total AS found
FROM items
JOIN paid ON paid.order_id = items.order_id
WHERE abs(items.total - paid.total) > CAST('0.01' AS DECIMAL(3, 2))`.trim(),
  },
  {
    name: "total_equals_items",
    description: "The total that an order states is that of its items and their freight, within 0.01.",
    tables: ["orders", "order_items"],
    sql: `
WITH items AS (${ITEM_TOTALS}
)
SELECT orders.order_id AS order_id, 'total_equals_items' AS rule, items.total AS expected, CAST(orders.total_amount AS DECIMAL(38, 2)) AS found
FROM orders
JOIN items ON items.order_id = orders.order_id
WHERE abs(items.total - orders.total_amount) > CAST('0.01' AS DECIMAL(3, 2))`.trim(),
  },
];
