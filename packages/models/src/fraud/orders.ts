/** One order as fraud detection sees it. */
export interface OrderFacts {
  readonly order_id: string;
  /** The person who orders. */
  readonly customer_id: string;
  /** ISO 8601, UTC. */
  readonly purchased_at: string;
  /** What was paid, in one currency, 0 or more. */
  readonly paid: number;
  /** Prices and freight of the items; null where the order has no items. */
  readonly owed: number | null;
  readonly items: number;
  /** Payments that the order was split into. */
  readonly payments: number;
  /** Most instalments of a payment. */
  readonly installments: number;
  /** Where it goes; null when unknown. */
  readonly region: string | null;
}

/** An order with its past: the orders of the same person before it. */
export interface OrderInContext {
  readonly order: OrderFacts;
  /** Seconds since 1970-01-01T00:00Z. */
  readonly time: number;
  /** Orders of the person in the window that ends with this order, this one counted. */
  readonly recentOrders: number;
  /** Regions of those, this one's counted. */
  readonly recentRegions: number;
  /** Mean of what the person paid before; null for a first order. */
  readonly usualPaid: number | null;
}

/** Whether an order's numbers and moment can be read. */
export function isReadable(order: OrderFacts): boolean {
  const numbers = [order.paid, order.owed ?? 0, order.items, order.payments, order.installments];
  return (
    numbers.every((value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER) &&
    Number.isFinite(momentOf(order))
  );
}

/** Puts each order into the context of its person's past; in order of time. Orders must be readable. */
export function inContext(orders: readonly OrderFacts[], windowHours: number): OrderInContext[] {
  const window = windowHours * 3600;
  const timed = orders
    .map((order): Mutable<OrderInContext> => {
      return { order, time: momentOf(order), recentOrders: 1, recentRegions: 0, usualPaid: null };
    })
    .sort((a, b) => a.time - b.time || (a.order.order_id < b.order.order_id ? -1 : 1));
  const pasts = new Map<string, Past>();
  for (const one of timed) {
    const { customer_id, paid } = one.order;
    const past = pasts.get(customer_id) ?? { paid: 0, orders: 0, recent: [] };
    if (past.orders === 0) pasts.set(customer_id, past);
    else one.usualPaid = past.paid / past.orders;
    past.paid += paid;
    past.orders++;
    while ((past.recent[0]?.time ?? one.time) <= one.time - window) past.recent.shift();
    past.recent.push(one);
    one.recentOrders = past.recent.length;
    one.recentRegions = new Set(past.recent.flatMap(({ order }) => order.region ?? [])).size;
  }
  return timed;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is known of a person so far. */
interface Past {
  paid: number;
  orders: number;
  /** Orders within the window, in order of time. */
  readonly recent: { readonly order: OrderFacts; readonly time: number }[];
}

function momentOf({ purchased_at }: OrderFacts): number {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(purchased_at)
    ? purchased_at
    : `${purchased_at.replace(" ", "T")}Z`;
  return Date.parse(purchased_at.length === 10 ? purchased_at : zoned) / 1000;
}
