import type { Sizes } from "./population.ts";
import { type Population, population } from "./population.ts";

/**
 * A population of exactly `rows` rows over the eight tables. Orders have one to three items, so their rows
 * are counted, and the stock of the warehouses takes what is left.
 */
export function sizedPopulation(seed: number, rows: number): Population {
  const share = (part: number): number => Math.max(20, Math.floor(rows * part));
  const sizes: Sizes = {
    customers: share(0.1),
    sellers: share(0.005),
    products: share(0.03),
    orders: share(0.2),
    reviews: share(0.08),
    inventory: 0,
  };
  const people = population(seed, sizes);
  let used = sizes.customers + sizes.sellers + sizes.products + sizes.orders + sizes.reviews;
  for (let index = 0; index < sizes.orders; index++) {
    const { items, payments } = people.order(index);
    used += items.length + payments.length;
  }
  return population(seed, { ...sizes, inventory: Math.max(20, rows - used) });
}
