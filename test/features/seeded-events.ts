import type { Event, Product } from "./feature-oracle.ts";

export const FIRST_DAY = "2026-03-01";
export const DAYS = 30;

const DAY = 86_400_000;
const MINUTE = 60_000;

/** Numbers from 0 to 1, the same for the same seed. Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Events and the catalogue behind them: few users do most, many come once, sessions go on over midnight, moments are of
 * five seconds so that many are equal, products change category, brand and price or have none, and some are in no
 * catalogue.
 */
export function seededEvents(count: number, seed: number): { events: Event[]; catalogue: Product[] } {
  const random = seeded(seed);
  const pick = (n: number, power = 1) => Math.floor(random() ** power * n);
  const maybe = <Value>(share: number, value: Value) => (random() < share ? null : value);
  const start = Date.parse(`${FIRST_DAY}T00:00:00Z`);
  const products = Array.from({ length: 400 }, (_, index) => ({
    id: `p${index}`,
    categories: [maybe(0.05, `c${pick(12, 1.5)}`), maybe(0.05, `c${pick(12)}`)],
    brands: [maybe(0.1, `b${pick(30)}`), maybe(0.1, `b${pick(30)}`)],
    prices: [maybe(0.1, 100 + pick(200) * 25), maybe(0.1, 100 + pick(200) * 25)],
    changes: start + random() * DAYS * DAY,
    created: maybe(0.05, start - 40 * DAY + Math.floor(random() * 80 * DAY)),
  }));
  const events: Event[] = [];
  while (events.length < count) {
    const user = `u${pick(Math.ceil(count / 25), 2.2)}`;
    const session = random() < 0.04 ? null : `s${pick(count / 4)}`;
    let at = start + Math.floor((random() * DAYS * DAY) / 5000) * 5000;
    const end = start + DAYS * DAY;
    for (let left = 1 + pick(14, 2); left > 0 && events.length < count && at < end; left -= 1) {
      const product = products[pick(products.length, 1.7)];
      if (product === undefined) break;
      const now = at < product.changes ? 0 : 1;
      const drawn = random();
      events.push({
        id: `i${String(pick(10 ** 6)).padStart(6, "0")}-${events.length}`,
        user,
        product: product.id,
        type: drawn < 0.7 ? "view" : drawn < 0.85 ? "add_to_cart" : "purchase",
        at,
        session,
        rating: random() < 0.1 ? 1 + pick(9) / 2 : null,
        category: product.categories[now] ?? null,
        brand: product.brands[now] ?? null,
        price: product.prices[now] ?? null,
      });
      at += pick(20) * 5000 + (random() < 0.02 ? 30 * MINUTE : 0) + (random() < 0.3 ? pick(5000) : 0);
    }
  }
  const catalogue = products.slice(5).map(({ id, categories, prices, created }) => ({
    id,
    category: categories[1] ?? null,
    price: prices[1] ?? null,
    created,
  }));
  return { events, catalogue };
}
