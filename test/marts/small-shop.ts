import type { JsonRow } from "../lake/lake-fixture.ts";
import type { TestMarts } from "./marts-fixture.ts";

const customer = (id: string, person: string, state: string, city: string) => ({
  customer_id: id,
  person_id: person,
  zip_code_prefix: "01310",
  city,
  state,
});
const seller = (id: string, state: string) => ({
  seller_id: id,
  zip_code_prefix: "01310",
  city: "x",
  state,
});
const product = (id: string, category: string | null, cost: number | null) => ({
  product_id: id,
  category,
  unit_cost: cost,
});
export const order = (
  id: string,
  customerId: string,
  status: string,
  purchased: string,
  more: JsonRow = {},
) => ({
  order_id: id,
  customer_id: customerId,
  status,
  purchased_at: purchased,
  estimated_delivery_at: "2025-04-01 00:00:00",
  ...more,
});
export const item = (
  orderId: string,
  number: number,
  productId: string,
  sellerId: string,
  [price, freight, quantity]: readonly [number, number, number | null],
) => ({
  order_id: orderId,
  order_item_id: number,
  product_id: productId,
  seller_id: sellerId,
  shipping_limit_at: "2025-04-01 00:00:00",
  price,
  freight_value: freight,
  quantity,
});
const payment = (orderId: string, number: number, type: string, value: number, installments = 1) => ({
  order_id: orderId,
  payment_sequential: number,
  payment_type: type,
  installments,
  value,
});
const review = (id: string, orderId: string, score: number) => ({
  review_id: id,
  order_id: orderId,
  score,
  created_at: "2025-04-01 00:00:00",
  answered_at: "2025-04-02 00:00:00",
});

/**
 * A shop small enough to be summed by hand. Ann has two accounts; Ben's only order that counts has no lines. o3 is
 * cancelled, o5 breaks a rule over several tables. Product c was never sold, of b neither category nor cost is known.
 */
export const shop = {
  customers: [
    customer("c1", "ann", "SP", "São Paulo"),
    customer("c2", "ann", "RJ", "Rio"),
    customer("c3", "ben", "SP", "Campinas"),
  ],
  sellers: [seller("s1", "MG"), seller("s2", "SP")],
  products: [product("a", "toys", 6), product("b", null, null), product("c", "books", 1)],
  orders: [
    order("o1", "c1", "delivered", "2025-01-10 22:00:00", {
      delivered_at: "2025-01-12 21:00:00",
      estimated_delivery_at: "2025-01-11 00:00:00",
    }),
    order("o2", "c2", "delivered", "2025-02-01 08:00:00", {
      delivered_at: "2025-02-05 08:00:00",
      estimated_delivery_at: "2025-02-05 00:00:00",
    }),
    order("o3", "c3", "canceled", "2025-02-02 08:00:00"),
    order("o4", "c3", "created", "2025-02-10 08:00:00"),
    order("o5", "c3", "delivered", "2025-03-01 08:00:00"),
  ],
  order_items: [
    item("o1", 1, "a", "s1", [10, 2.5, 2]),
    item("o1", 2, "b", "s2", [5, 1, null]),
    item("o2", 1, "a", "s2", [12, 0, 1]),
    item("o3", 1, "a", "s1", [10, 1, 1]),
    item("o5", 1, "b", "s1", [10, 1, 1]),
  ],
  payments: [
    payment("o1", 1, "voucher", 3.5),
    payment("o1", 2, "credit_card", 25, 3),
    payment("o2", 1, "boleto", 12),
    payment("o5", 1, "boleto", 99),
  ],
  reviews: [review("r1", "o1", 5), review("r2", "o1", 2), review("r3", "o2", 4)],
  inventory: [
    { product_id: "a", warehouse_id: "w1", quantity: 3 },
    { product_id: "a", warehouse_id: "w2", quantity: 4 },
  ],
} as const satisfies Readonly<Record<string, readonly JsonRow[]>>;

/** Puts the shop, one object per table. */
export async function putShop(marts: TestMarts): Promise<void> {
  await marts.put("customers", "a", shop.customers);
  await marts.put("sellers", "a", shop.sellers);
  await marts.put("products", "a", shop.products);
  await marts.put("orders", "a", shop.orders);
  await marts.put("order_items", "a", shop.order_items);
  await marts.put("payments", "a", shop.payments);
  await marts.put("reviews", "a", shop.reviews);
  await marts.put("inventory", "a", shop.inventory);
  await marts.putViolations(["o5"]);
}
