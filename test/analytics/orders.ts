import type { GivenLine, GivenOrder } from "./shop.ts";

/** A whole number from 0 up to `limit`, by a number and a purpose; the same in every run. */
function pick(limit: number, number: number, purpose: number): number {
  const mixed = Math.imul(number + 1, 2_654_435_761) ^ Math.imul(purpose + 7, 40_503);
  return (((Math.imul(mixed ^ (mixed >>> 15), 2_246_822_519) >>> 3) % limit) + limit) % limit;
}

/**
 * Orders of a small shop over `days` from 2025-01-01: two regions, three categories that sell, one that is given away
 * (all its prices are 0), one whose only order was cancelled.
 */
export function shopOrders({ orders: size = 900, days = 450 }: { orders?: number; days?: number } = {}): {
  orders: GivenOrder[];
  lines: GivenLine[];
} {
  const start = Date.parse("2025-01-01T00:00:00Z");
  const orders: GivenOrder[] = [];
  const lines: GivenLine[] = [];
  for (let i = 0; i < size; i++) {
    const day = Math.floor((i * days) / size);
    // Half are new; the others are mostly those who came lately, so that people differ in how often and how long they buy.
    const customer = pick(2, i, 1) === 0 ? i : Math.max(0, i - pick(20, i, 7) ** 2);
    const category = ["toys", "books", "garden", "samples"][pick(4, i, 2)] ?? "toys";
    const price = category === "samples" ? 0 : 10 + pick(60, i, 3) + pick(40, customer, 8);
    const order_id = `o${String(i).padStart(5, "0")}`;
    const at = start + day * 86_400_000 + pick(86_400, i, 4) * 1000;
    orders.push({
      order_id,
      customer_id: `c${String(customer).padStart(4, "0")}`,
      purchased_at: new Date(at).toISOString().slice(0, 19),
      status: i % 40 === 7 ? "canceled" : "delivered",
      region: pick(3, i, 5) === 0 ? "RJ" : "SP",
      paid: price + 5,
      payments: 1,
      installments: 1 + pick(4, i, 6),
    });
    lines.push({ order_id, product_id: `p-${category}`, category, price, freight: 5, unit_cost: price / 2 });
  }
  const last = orders.at(-1);
  if (last !== undefined) {
    orders.push({ ...last, order_id: "unsold", status: "canceled" });
    lines.push({
      order_id: "unsold",
      product_id: "p-unsold",
      category: "unsold",
      price: 9,
      freight: 5,
      unit_cost: 3,
    });
  }
  return { orders, lines };
}
