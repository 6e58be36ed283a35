import path from "node:path";
import { type DuckSession, text } from "@penstock/runtime";

/**
 * Fills `given_orders` and `given_lines` of `marts-fixture.ts` from Olist's files: the orders `times` over, each time of
 * other persons.
 */
export async function givenOlist(session: DuckSession, folder: string, times: number): Promise<void> {
  const file = (name: string) => `read_parquet(${text(path.join(folder, `${name}.parquet`))})`;
  await session.run(
    `CREATE OR REPLACE TEMP TABLE given_orders AS
     SELECT concat(o.order_id, '-', n) AS order_id, concat(customer_unique_id, '-', n) AS customer_id,
       order_purchase_timestamp AS purchased_at, order_status AS status, customer_state AS region,
       coalesce(paid, 0) AS paid, coalesce(payments, 0) AS payments, coalesce(installments, 0) AS installments
     FROM ${file("orders")} o JOIN ${file("customers")} c USING (customer_id)
     LEFT JOIN (SELECT order_id, CAST(sum(payment_value) AS DOUBLE) AS paid, count(*) AS payments,
       max(payment_installments) AS installments FROM ${file("order_payments")} GROUP BY order_id) p USING (order_id)
     CROSS JOIN range(${times}) r(n)`,
  );
  await session.run(
    `CREATE OR REPLACE TEMP TABLE given_lines AS
     SELECT concat(order_id, '-', n) AS order_id, product_id,
       coalesce(product_category_name_english, product_category_name, 'unknown') AS category, price,
       freight_value AS freight, CAST(NULL AS DOUBLE) AS unit_cost
     FROM ${file("order_items")} i JOIN ${file("products")} p USING (product_id)
     LEFT JOIN ${file("category_translation")} t USING (product_category_name) CROSS JOIN range(${times}) r(n)`,
  );
}
