import { type Draw, draws } from "./random.ts";
import { type Place, place } from "./shapes.ts";

/**
 * How the people of the sample behave, so that there is something to find in it: they come and stay away, the shop grows,
 * weeks and years have their seasons, categories rise and fall, regions have their tastes, and now and then somebody
 * orders a lot at once. Everything follows from seed and index alone.
 */

const minute = 60_000;
const day = 24 * 60 * minute;
const year = 365 * day;

/** The shop's first and last moment. It ends here, not today: the same seed gives the same bytes next year. */
export const opening = Date.UTC(2023, 4, 1);
export const closing = Date.UTC(2025, 0, 15);
/** What was ordered last has had its time to arrive. */
const lastPurchase = closing - 60 * day;

export const categories = [
  "home",
  "garden",
  "electronics",
  "toys",
  "books",
  "sports",
  "health_beauty",
] as const;
export type Category = (typeof categories)[number];

/** How much each is bought at the opening, and what a year adds to that. */
const demand: Readonly<Record<Category, { base: number; perYear: number }>> = {
  home: { base: 0.7, perYear: 0 },
  garden: { base: 0.45, perYear: 0.1 },
  electronics: { base: 0.6, perYear: 0.25 },
  toys: { base: 0.35, perYear: 0.05 },
  books: { base: 0.6, perYear: -0.25 },
  sports: { base: 0.4, perYear: 0.15 },
  health_beauty: { base: 0.65, perYear: 0.05 },
};
/** What a region buys more of than the others. */
const taste: Readonly<Record<string, Category>> = {
  BA: "garden",
  RS: "sports",
  PE: "health_beauty",
  DF: "books",
};

/** Where a customer lives: four in ten in the largest region. */
export function homeOf(seed: number, customer: number): Place {
  const draw = draws(seed, "home", customer);
  const home = place(draw);
  return home.state === "SP" || !draw.chance(0.25) ? home : { ...home, city: "São Paulo", state: "SP" };
}

/** The category of a product; three in a hundred have none. */
export function categoryOf(seed: number, product: number): Category | null {
  const draw = draws(seed, "category", product);
  return draw.chance(0.97) ? draw.pick(categories) : null;
}

/** Its price in cents: many are cheap, few are dear. */
export function priceOf(seed: number, product: number): number {
  const share = draws(seed, "price", product).int(0, 1000) / 1000;
  return 500 + Math.round(29_500 * share ** 2.5);
}

/** An order's customer and moment. */
export interface Purchase {
  readonly customer: number;
  readonly at: number;
  /** One of several orders in a row by one customer, within an hour and of many pieces. */
  readonly rushed: boolean;
}

/** Orders of one rush, one after the other. */
const RUSH = 6;

/** Who made the order of an index, and when. */
export function purchaseOf(seed: number, order: number, customers: number): Purchase {
  const group = Math.floor(order / RUSH);
  const rush = draws(seed, "rush", group);
  if (rush.chance(0.004)) {
    const { customer, at } = calmPurchase(seed, group * RUSH, customers);
    return { customer, at: at + (order % RUSH) * 9 * minute, rushed: true };
  }
  return { ...calmPurchase(seed, order, customers), rushed: false };
}

function calmPurchase(seed: number, order: number, customers: number): Omit<Purchase, "rushed"> {
  const draw = draws(seed, "purchase", order);
  // What falls outside of the shop's time, or into a season when little is bought, is drawn anew.
  for (let tries = 0; tries < 20; tries++) {
    const customer = buyer(draw, customers);
    const { from, to } = stayOf(seed, customer);
    const at = momentBetween(draw, from, to);
    if (at >= opening && at <= lastPurchase && draw.chance(seasonOf(at))) return { customer, at };
  }
  return { customer: buyer(draw, customers), at: momentBetween(draw, opening, lastPurchase) };
}

/** Some buy often, most seldom. */
function buyer(draw: Draw, customers: number): number {
  return Math.floor(customers * (draw.int(0, 999_999) / 1_000_000) ** 2.2);
}

/** From when to when a customer buys: some for weeks, some for half a year, some for good. More come every month. */
function stayOf(seed: number, customer: number): { from: number; to: number } {
  const draw = draws(seed, "stay", customer);
  const came = 1.7 * (draw.int(0, 1000) / 1000) ** 0.8 - 0.7;
  const from = opening + Math.floor(came * (lastPurchase - opening));
  return { from, to: from + draw.pick([40, 150, 400, 900, 900, 900, 900, 900]) * day };
}

function momentBetween(draw: Draw, from: number, to: number): number {
  return Math.floor(from / 1000) * 1000 + draw.int(0, Math.floor((to - from) / 1000)) * 1000;
}

/** Sunday first. */
const week = [0.5, 0.55, 0.55, 0.6, 0.65, 0.75, 0.8] as const;

/** How likely a moment is for a purchase, 0 to 1: by the day of the week and of the year. */
function seasonOf(at: number): number {
  const weekday = week[new Date(at).getUTCDay()] ?? 0.5;
  return weekday * (1 + 0.25 * Math.cos((2 * Math.PI * (at - Date.UTC(2023, 10, 28))) / year));
}

/** Lines that an order may have at most, for a stream of draws of each. */
const LINES = 4;

/** What an order of a moment and a region has in its lines. */
export interface Wish {
  readonly order: number;
  readonly line: number;
  readonly at: number;
  readonly region: string;
}

/**
 * A product that somebody in a region would buy then. It has a stream of its own: how many draws it takes depends on the
 * number of products, and what else an order holds must not.
 */
export function productFor(seed: number, products: number, { order, line, at, region }: Wish): number {
  const draw = draws(seed, "basket", order * LINES + line);
  let product = draw.int(0, products - 1);
  for (let tries = 0; tries < 4; tries++) {
    const category = categoryOf(seed, product);
    if (category === null || draw.chance(demandOf(category, at, region))) return product;
    product = draw.int(0, products - 1);
  }
  return product;
}

/** How likely a category is to be bought, 0 to 1. */
function demandOf(category: Category, at: number, region: string): number {
  const { base, perYear } = demand[category];
  const month = new Date(at).getUTCMonth();
  const gifts = category === "toys" && month >= 9 ? 1.8 : 1;
  const liked = taste[region] === category ? 1.5 : 1;
  return Math.min(1, Math.max(0.05, (base + (perYear * (at - opening)) / year) * gifts * liked));
}
