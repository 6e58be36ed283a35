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

/**
 * By how much what was paid differs from what is owed. 0 without items, and 0 without any payment: an order that waits
 * for its payment is no mismatch of amounts.
 */
export function unsettled({ paid, owed, payments }: OrderFacts): number {
  return owed === null || payments === 0 ? 0 : Math.abs(paid - owed);
}

/** Puts each order into the context of its person's past; in order of time. Orders must be readable. */
export function inContext(orders: readonly OrderFacts[], windowHours: number): OrderInContext[] {
  const timed = orders.map((order): Mutable<OrderInContext> => {
    return { order, time: momentOf(order), recentOrders: 1, recentRegions: 0, usualPaid: null };
  });
  timed.sort((a, b) => compared(a.order.customer_id, b.order.customer_id) || inTime(a, b));
  // From one person to the next: a record of each person's past would be most of the memory.
  let [paid, first, recent] = [0, 0, 0];
  const regions = new Map<string, number>();
  const count = ({ order: { region } }: OrderInContext, change: 1 | -1) => {
    if (region === null) return;
    const orders = (regions.get(region) ?? 0) + change;
    if (orders === 0) regions.delete(region);
    else regions.set(region, orders);
  };
  timed.forEach((one, at) => {
    if (timed[at - 1]?.order.customer_id !== one.order.customer_id) {
      [paid, first, recent] = [0, at, at];
      regions.clear();
    }
    if (at > first) one.usualPaid = paid / (at - first);
    paid += one.order.paid;
    count(one, 1);
    for (; recent < at; recent++) {
      const oldest = timed[recent];
      if (oldest === undefined || oldest.time > one.time - windowHours * 3600) break;
      count(oldest, -1);
    }
    one.recentOrders = at - recent + 1;
    one.recentRegions = regions.size;
  });
  return timed.sort(inTime);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function inTime(a: OrderInContext, b: OrderInContext): number {
  return a.time - b.time || compared(a.order.order_id, b.order.order_id);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function momentOf({ purchased_at }: OrderFacts): number {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(purchased_at)
    ? purchased_at
    : `${purchased_at.replace(" ", "T")}Z`;
  return Date.parse(purchased_at.length === 10 ? purchased_at : zoned) / 1000;
}
