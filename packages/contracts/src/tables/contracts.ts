import type { Contract } from "../contract.ts";
import { customers } from "./customers.ts";
import { inventory } from "./inventory.ts";
import { orderItems } from "./order-items.ts";
import { orders } from "./orders.ts";
import { payments } from "./payments.ts";
import { products } from "./products.ts";
import { reviews } from "./reviews.ts";
import { sellers } from "./sellers.ts";

/** Every contract by table name, parents before children. */
export const contracts = {
  customers,
  sellers,
  products,
  orders,
  order_items: orderItems,
  payments,
  reviews,
  inventory,
} as const satisfies Readonly<Record<string, Contract>>;

export type TableName = keyof typeof contracts;

/** The contract of a table whose name comes from outside, or undefined for an unknown one. */
export function contractFor(name: string): Contract | undefined {
  const all: Readonly<Record<string, Contract>> = contracts;
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
