/**
 * The features once more, row by row and in plain JavaScript: slow, and nothing of the queries is in it. Definitions are
 * those of the headers of packages/features/sql.
 */

export interface Event {
  readonly id: string;
  readonly user: string;
  readonly product: string;
  readonly type: "view" | "add_to_cart" | "purchase";
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly session: string | null;
  readonly rating: number | null;
  readonly category: string | null;
  readonly brand: string | null;
  /** Cents. */
  readonly price: number | null;
}

export interface Product {
  readonly id: string;
  readonly category: string | null;
  readonly price: number | null;
  readonly created: number | null;
  /** Not for sale any more. */
  readonly inactive?: boolean;
}

export type Values = Readonly<Record<string, string | number | boolean | null>>;

const SECOND = 1000;
const DAY = 86_400 * SECOND;

const wholeDays = (since: number, until: number) => Math.trunc((until - since) / DAY);
const per = (part: number, of: number) => (of === 0 ? null : part / of);
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const present = <Value>(values: readonly (Value | null)[]): Value[] =>
  values.filter((value): value is Value => value !== null);

/** The order that tells earlier from later. */
export function inOrder(events: readonly Event[]): Event[] {
  return events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export function groupedBy<Row>(rows: readonly Row[], key: (row: Row) => string | null): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = key(row);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

/** The category with most events; of equally many the one that had so many first. */
function favourite(ordered: readonly Event[]): string | null {
  const counts = new Map<string, number>();
  let best: string | null = null;
  for (const { category } of ordered) {
    if (category === null) continue;
    const count = (counts.get(category) ?? 0) + 1;
    counts.set(category, count);
    if (count > (best === null ? 0 : (counts.get(best) ?? 0))) best = category;
  }
  return best;
}

/** @param own all events of one user up to `asOf`, in order */
export function userValues(own: readonly Event[], asOf: number): Values {
  const bought = own.filter(({ type }) => type === "purchase");
  const prices = present(bought.map(({ price }) => price));
  const sessions = [...groupedBy(own, ({ session }) => session).values()];
  const first = own[0]?.at ?? asOf;
  const last = own.at(-1)?.at ?? asOf;
  const days = wholeDays(first, asOf);
  const durations = sessions.map((events) =>
    Math.trunc(((events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)) / SECOND),
  );
  return {
    user_id: own[0]?.user ?? null,
    total_interactions: own.length,
    total_purchases: bought.length,
    avg_session_duration: per(sum(durations), durations.length),
    favorite_category: favourite(own),
    avg_price_point: per(sum(prices), prices.length * 100),
    recency_days: wholeDays(last, asOf),
    frequency_score: days < 7 ? own.length : (own.length * 7) / days,
    monetary_value: bought.length > 0 && prices.length === 0 ? null : sum(prices) / 100,
    diversity_score: per(new Set(present(bought.map(({ category }) => category))).size, bought.length),
  };
}

/** @param own all events of one product up to `asOf`, `allViews` the views of all products */
export function itemValues(
  id: string,
  own: readonly Event[],
  { allViews, catalogue }: { readonly allViews: readonly Event[]; readonly catalogue: readonly Product[] },
  asOf: number,
): Values {
  const views = own.filter(({ type }) => type === "view");
  const bought = own.filter(({ type }) => type === "purchase");
  const ratings = present(own.map(({ rating }) => rating));
  const known = catalogue.find((product) => product.id === id);
  const category = known?.category ?? null;
  const others = catalogue.filter(
    (product) =>
      product.id !== id && product.category === category && product.price !== null && !product.inactive,
  );
  const price = category === null || known?.inactive ? null : (known?.price ?? null);
  const cheaper = others.filter((product) => price !== null && (product.price ?? 0) < price);
  const recentFrom = asOf - 7 * DAY;
  const earlier = views.filter(({ at }) => at < recentFrom);
  const firstDay = Math.floor(Math.min(...views.map(({ at }) => at)) / DAY) * DAY;
  const perDayBefore = earlier.length === 0 ? 0 : earlier.length / wholeDays(firstDay, recentFrom);
  const created = known?.created ?? null;
  const lastBought = bought.length === 0 ? null : Math.max(...bought.map(({ at }) => at));
  return {
    product_id: id,
    popularity_score: created === null ? null : views.length / Math.max(1, wholeDays(created, asOf)),
    conversion_rate: per(bought.length, views.length),
    avg_rating: per(sum(ratings), ratings.length),
    price_percentile: price === null ? null : (per(cheaper.length, others.length) ?? 0),
    recency_score: lastBought === null ? 0 : 1 / (wholeDays(lastBought, asOf) + 1),
    category_popularity:
      category === null
        ? null
        : per(allViews.filter((view) => view.category === category).length, allViews.length),
    trending_score: per((views.length - earlier.length) / 7, perDayBefore),
  };
}

/** @param own all events of the user, in order; `index` is that of the event */
export function interactionValues(own: readonly Event[], index: number): Values {
  const event = own[index];
  if (event === undefined) throw new Error("no such event");
  const earlier = own.slice(0, index);
  const liked = favourite(earlier);
  const moment = new Date(event.at);
  const inSession = earlier.filter(({ session }) => session === event.session).length;
  return {
    occurred_at: moment.toISOString(),
    interaction_id: event.id,
    user_id: event.user,
    product_id: event.product,
    interaction_type: event.type,
    user_item_affinity: affinity(earlier, event),
    category_match: liked === null || event.category === null ? null : liked === event.category,
    price_match: priceMatch(earlier, event),
    time_of_day: moment.getUTCHours(),
    day_of_week: moment.getUTCDay() === 0 ? 7 : moment.getUTCDay(),
    session_position: event.session === null ? null : inSession + 1,
  };
}

function affinity(earlier: readonly Event[], event: Event): number | null {
  const user = new Map<string, number>();
  const dimensions = ({ category, brand }: Event) => [
    ...(category === null ? [] : [`category ${category}`]),
    ...(brand === null ? [] : [`brand ${brand}`]),
  ];
  for (const one of earlier) for (const name of dimensions(one)) user.set(name, (user.get(name) ?? 0) + 1);
  const item = dimensions(event);
  const product = sum(item.map((name) => user.get(name) ?? 0));
  return per(product, Math.hypot(...user.values()) * Math.sqrt(item.length));
}

function priceMatch(earlier: readonly Event[], event: Event): boolean | null {
  const prices = present(earlier.filter(({ type }) => type === "purchase").map(({ price }) => price));
  if (prices.length === 0 || event.price === null) return null;
  // |price - mean| < mean / 5, without a division.
  return Math.abs(event.price * prices.length - sum(prices)) * 5 < sum(prices);
}
