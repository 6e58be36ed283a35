import { type Draw, draws, identifier } from "../sample/random.ts";
import type { Interaction } from "./interaction.ts";
import { powerLaw, type Weighted, weighted } from "./weighted.ts";

/** Who looks at what. Ids are the caller's: of a sample's customers and products, or of none but this. */
export interface Shop {
  readonly users: readonly string[];
  readonly products: readonly { readonly product_id: string; readonly category: string }[];
}

/** What a shop's clickstream is made of. The same gives the same interactions. */
export interface Clickstream {
  readonly seed: number;
  readonly shop: Shop;
  /** First day, milliseconds since 1970 at midnight UTC. */
  readonly from: number;
  readonly days: number;
  /** Interactions of all days together, exactly. */
  readonly interactions: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How much oftener the first comes than the others: few users and products make most of the traffic. */
const USERS_EXPONENT = 0.6;
const PRODUCTS_EXPONENT = 0.9;

const devices = ["mobile", "mobile", "mobile", "desktop", "desktop", "tablet"] as const;

/**
 * The interactions of each day, in the order in which they were made. People come in sessions: they look around mostly in
 * one category, put some of what they see in the cart, buy some of that, and rate a little of it. A session ends before
 * midnight, so that each day can be made on its own.
 */
export function clickstream(stream: Clickstream): { day(index: number): Interaction[] } {
  const { seed, shop, from, days } = stream;
  const traffic = trafficOf(shop);
  const quotas = quotasOf(stream);
  return {
    day(index) {
      if (index < 0 || index >= days) return [];
      const draw = draws(seed, "clicks", index);
      const quota = quotas[index] ?? 0;
      const made: { readonly at: number; readonly interaction: Interaction }[] = [];
      for (let session = 0; made.length < quota; session++) {
        const start = from + index * DAY + startOf(draw);
        made.push(...sessionFrom({ start, name: `${seed} session ${index}`, session, draw, shop, traffic }));
      }
      made.length = quota;
      made.sort((a, b) => a.at - b.at);
      return made.map(({ interaction }, place) => ({
        ...interaction,
        interaction_id: `int_${identifier(seed, `interaction ${index}`, place)}`,
      }));
    },
  };
}

interface Traffic {
  readonly users: Weighted;
  readonly products: Weighted;
  /** Products of a category by place, most wanted first. */
  readonly categories: ReadonlyMap<string, { readonly places: readonly number[]; readonly wanted: Weighted }>;
}

function trafficOf({ users, products }: Shop): Traffic {
  const demand = powerLaw(products.length, PRODUCTS_EXPONENT);
  const places = Map.groupBy(products.keys(), (place) => products[place]?.category ?? "");
  return {
    users: weighted(powerLaw(users.length, USERS_EXPONENT)),
    products: weighted(demand),
    categories: new Map(
      [...places].map(([category, own]) => [
        category,
        { places: own, wanted: weighted(own.map((place) => demand[place] ?? 0)) },
      ]),
    ),
  };
}

/** Interactions by day, with a tenth more at the weekend; what rounding leaves goes to the first days. */
function quotasOf({ from, days, interactions }: Clickstream): number[] {
  const shares = Array.from({ length: days }, (_, index) => {
    const weekday = new Date(from + index * DAY).getUTCDay();
    return weekday === 0 || weekday === 6 ? 1.1 : 1;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  const quotas = shares.map((share) => Math.floor((interactions * share) / total));
  const left = interactions - quotas.reduce((sum, quota) => sum + quota, 0);
  return quotas.map((quota, index) => (index < left ? quota + 1 : quota));
}

/** Milliseconds after midnight: around the early afternoon, and an hour before the day's end at the latest. */
function startOf(draw: Draw): number {
  return draw.int(0, 23 * 30 * MINUTE) + draw.int(0, 23 * 30 * MINUTE);
}

interface SessionOf {
  readonly start: number;
  readonly name: string;
  readonly session: number;
  readonly draw: Draw;
  readonly shop: Shop;
  readonly traffic: Traffic;
}

function sessionFrom({ start, name, session, draw, shop, traffic }: SessionOf) {
  const session_id = `sess_${identifier(0, name, session)}`;
  const user_id = shop.users[traffic.users.place(draw)] ?? "";
  const device_type = draw.pick(devices);
  const midnight = start - (start % DAY) + DAY;
  const focus = traffic.categories.get(shop.products[traffic.products.place(draw)]?.category ?? "");
  const made: { at: number; interaction: Interaction }[] = [];
  let at = start;
  const add = (
    product: string,
    interaction_type: Interaction["interaction_type"],
    page_context: string,
    rating: number | null = null,
  ): void => {
    if (at < midnight) {
      const interaction_id = "";
      const timestamp = new Date(at).toISOString();
      const who = { interaction_id, user_id, product_id: product, interaction_type, timestamp, session_id };
      made.push({ at, interaction: { ...who, rating, device_type, page_context } });
    }
    at += draw.int(4_000, 120_000);
  };
  do {
    const inFocus = focus !== undefined && draw.chance(0.75);
    const place = inFocus ? (focus.places[focus.wanted.place(draw)] ?? 0) : traffic.products.place(draw);
    const product = shop.products[place]?.product_id ?? "";
    add(product, "view", draw.pick(["homepage", "search", "search", "product_page", "product_page"]));
    if (draw.chance(0.12)) {
      add(product, "add_to_cart", "product_page");
      if (draw.chance(0.4))
        add(product, "purchase", "checkout", draw.chance(0.2) ? draw.pick([1, 2, 3, 4, 4, 5, 5, 5]) : null);
    }
  } while (draw.chance(0.82));
  return made;
}
