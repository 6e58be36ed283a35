import { type Contract, latestFirst, type TableName, typedNulls } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";

/** A named query over the ones before it, in Trino's dialect. */
export interface Step {
  readonly name: string;
  readonly sql: string;
}

/** The columns of curated tables that marts are made of; no other is read. Of a table that is not here rows are counted. */
export const SOURCES = {
  customers: ["customer_id", "person_id", "state", "city"],
  sellers: ["seller_id", "state"],
  products: ["product_id", "category", "unit_cost"],
  orders: ["order_id", "customer_id", "status", "purchased_at", "delivered_at", "estimated_delivery_at"],
  order_items: ["order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value", "quantity"],
  payments: ["order_id", "payment_type", "installments", "value"],
  reviews: ["order_id", "score"],
  inventory: ["product_id", "quantity"],
} as const satisfies Readonly<Partial<Record<TableName, readonly string[]>>>;

/**
 * `latest_<table>`: one row per key of a curated table, of the columns of {@link SOURCES} where there are any. Reads the
 * input `curated_<table>`, and makes an empty one of a table that has no object yet.
 *
 * Within an object a key stands once, and reconcile leaves it in one object. What lands between its pass and the build
 * can repeat a key, so with several objects the keys are counted; only rows of the few that repeat are compared.
 */
export function sourceSteps(contract: Contract, columns: readonly string[], objects: number): Step[] {
  const { name, primaryKey } = contract;
  const rows = `curated_${name}`;
  const kept = (relation: string) => columns.map((column) => `${relation}.${identifier(column)}`).join(", ");
  const latest = (sql: string): Step => ({ name: `latest_${name}`, sql });
  const empty: Step = {
    name: rows,
    sql: `SELECT * FROM (SELECT ${typedNulls(contract)}) none WHERE FALSE`,
  };
  if (columns.length === 0) return objects === 0 ? [empty] : [];
  if (objects === 0) return [empty, latest(`SELECT ${kept("r")} FROM ${rows} r`)];
  if (objects === 1) return [latest(`SELECT ${kept("r")} FROM ${rows} r`)];

  const repeated = `repeated_${name}`;
  const keys = primaryKey.map((column, index) => `${identifier(column)} AS key_${index}`).join(", ");
  const same = primaryKey.map((column, index) => `k.key_${index} = r.${identifier(column)}`).join(" AND ");
  const partition = primaryKey.map((column) => `r.${identifier(column)}`).join(", ");
  return [
    {
      name: repeated,
      sql: `SELECT ${keys} FROM ${rows} GROUP BY ${primaryKey.map(identifier).join(", ")} HAVING count(*) > 1`,
    },
    latest(
      `SELECT ${kept("r")} FROM ${rows} r LEFT JOIN ${repeated} k ON ${same} WHERE k.key_0 IS NULL
       UNION ALL SELECT ${kept("c")} FROM (
         SELECT ${kept("r")}, row_number() OVER (PARTITION BY ${partition} ORDER BY ${latestFirst(contract, "r")}) AS place
         FROM ${rows} r JOIN ${repeated} k ON ${same}
       ) c WHERE c.place = 1`,
    ),
  ];
}
