import type { FileColumns, JsonRow, TestLake } from "./lake-fixture.ts";

/** One raw object of the small lake. */
interface SmallObject {
  readonly table: string;
  readonly name: string;
  readonly columns: FileColumns;
  readonly rows: readonly JsonRow[];
}

const customers = {
  customer_id: "VARCHAR",
  person_id: "VARCHAR",
  email: "VARCHAR",
  zip_code_prefix: "VARCHAR",
  city: "VARCHAR",
  state: "VARCHAR",
  updated_at: "TIMESTAMP",
};
const sellers = { seller_id: "VARCHAR", zip_code_prefix: "VARCHAR", city: "VARCHAR", state: "VARCHAR" };
const products = {
  product_id: "VARCHAR",
  category: "VARCHAR",
  price: "DECIMAL(10,2)",
  updated_at: "TIMESTAMP",
};
const orders = {
  order_id: "VARCHAR",
  customer_id: "VARCHAR",
  status: "VARCHAR",
  purchased_at: "TIMESTAMP",
  approved_at: "TIMESTAMP",
  carrier_at: "TIMESTAMP",
  delivered_at: "TIMESTAMP",
  estimated_delivery_at: "TIMESTAMP",
  updated_at: "TIMESTAMP",
};
const items = {
  order_id: "VARCHAR",
  order_item_id: "BIGINT",
  product_id: "VARCHAR",
  seller_id: "VARCHAR",
  shipping_limit_at: "TIMESTAMP",
  price: "DECIMAL(10,2)",
  freight_value: "DECIMAL(10,2)",
};
const payments = {
  order_id: "VARCHAR",
  payment_sequential: "BIGINT",
  payment_type: "VARCHAR",
  installments: "BIGINT",
  value: "DECIMAL(10,2)",
  card_number: "VARCHAR",
  cvv: "VARCHAR",
};
const reviews = {
  review_id: "VARCHAR",
  order_id: "VARCHAR",
  score: "BIGINT",
  created_at: "TIMESTAMP",
  answered_at: "TIMESTAMP",
};
const inventory = { product_id: "VARCHAR", warehouse_id: "VARCHAR", quantity: "BIGINT" };

const day = (number: number) => `2025-01-${String(number).padStart(2, "0")} 08:00:00`;
const place = { zip_code_prefix: "01310", city: "São Paulo", state: "SP" };
const customer = (id: string, updated: number, email?: string) => ({
  customer_id: id,
  person_id: `person-of-${id}`,
  email,
  ...place,
  updated_at: day(updated),
});
const order = (id: string, customerId: string, updated: number, status = "created") => ({
  order_id: id,
  customer_id: customerId,
  status,
  purchased_at: day(1),
  estimated_delivery_at: day(20),
  updated_at: day(updated),
});
const item = (orderId: string, number: number, productId: string, price: number) => ({
  order_id: orderId,
  order_item_id: number,
  product_id: productId,
  seller_id: "s1",
  shipping_limit_at: day(9),
  price,
  freight_value: 1,
});
const payment = (orderId: string, value: number, number = 1) => ({
  order_id: orderId,
  payment_sequential: number,
  payment_type: "credit_card",
  installments: 1,
  value,
  card_number: "4111111111111111",
  cvv: "123",
});
const review = (id: string, orderId: string, answered: number, score = 5) => ({
  review_id: id,
  order_id: orderId,
  score,
  created_at: day(2),
  answered_at: day(answered),
});

/**
 * All eight tables in eleven objects, with what makes the order of arrival matter: keys in two objects with the older
 * version in either, exact copies in two objects, a newer version whose parent never comes, parents in several objects,
 * chains of three tables, orphans, rejected rows, and duplicates inside an object.
 */
export const smallLake: readonly SmallObject[] = [
  {
    table: "customers",
    name: "a",
    columns: customers,
    rows: [customer("c1", 3, "ann@example.com"), customer("c2", 5)],
  },
  {
    table: "customers",
    name: "b",
    columns: customers,
    rows: [customer("c2", 4), customer("c3", 3), customer("c1", 3, "ann@example.com")],
  },
  { table: "sellers", name: "a", columns: sellers, rows: [{ seller_id: "s1", ...place }] },
  {
    table: "products",
    name: "a",
    columns: products,
    rows: [
      { product_id: "p1", category: "toys", price: 5, updated_at: day(2) },
      { product_id: "p2", price: 7, updated_at: day(2) },
    ],
  },
  {
    table: "orders",
    name: "a",
    columns: orders,
    rows: [order("o1", "c1", 3), order("o2", "c2", 3), order("o3", "c9", 3), order("o4", "c1", 3, "lost")],
  },
  {
    table: "orders",
    name: "b",
    columns: orders,
    rows: [
      order("o2", "c3", 6, "approved"),
      order("o5", "c3", 3),
      order("o5", "c3", 2),
      order("o1", "c9", 9),
    ],
  },
  {
    table: "order_items",
    name: "a",
    columns: items,
    rows: [
      item("o1", 1, "p1", 5),
      item("o2", 1, "p2", 7),
      item("o3", 1, "p1", 5),
      item("o5", 1, "p9", 5),
      item("o5", 2, "p1", -1),
      item("o9", 1, "p9", 5),
    ],
  },
  {
    table: "payments",
    name: "a",
    columns: payments,
    rows: [payment("o1", 6), payment("o2", 9), payment("o5", 6), payment("o5", 6), payment("o3", 6)],
  },
  {
    table: "reviews",
    name: "a",
    columns: reviews,
    rows: [review("r1", "o1", 4), review("r2", "o9", 4), review("r3", "o1", 4)],
  },
  {
    table: "reviews",
    name: "b",
    columns: reviews,
    rows: [review("r1", "o5", 6), review("r3", "o9", 8), review("r4", "o2", 4, 9)],
  },
  {
    table: "inventory",
    name: "a",
    columns: inventory,
    rows: [
      { product_id: "p1", warehouse_id: "w1", quantity: 4 },
      { product_id: "p9", warehouse_id: "w1", quantity: 4 },
      { product_id: "p2", warehouse_id: "w1", quantity: -4 },
    ],
  },
];

/** Puts the small lake's raw objects; their keys, in the order of {@link smallLake}. */
export async function putSmallLake(lake: TestLake): Promise<string[]> {
  const keys: string[] = [];
  for (const { table, name, columns, rows } of smallLake)
    keys.push(await lake.put(table, name, columns, rows));
  return keys;
}
