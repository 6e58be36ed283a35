/** One order that was not cancelled. */
export interface Purchase {
  /** The person, not the account: one person can have several. */
  readonly customer_id: string;
  /** ISO 8601; only the day is read, as it stands. */
  readonly purchased_at: string;
  /** What was paid, in one currency, 0 or more. */
  readonly amount: number;
}

/** Purchases of a customer as (day number, amount), days since 1970-01-01, rising. */
export type PurchasesOf = ReadonlyMap<string, readonly { readonly day: number; readonly amount: number }[]>;

const DAY_MS = 86_400_000;

/** Day number of an ISO 8601 date or timestamp, NaN for what is none. */
export function dayNumber(iso: string): number {
  return Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY_MS;
}

/** ISO 8601 date of a day number. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Purchases by customer, those without a readable day or amount left out. */
export function byCustomer(purchases: readonly Purchase[]): PurchasesOf {
  const found = new Map<string, { day: number; amount: number }[]>();
  for (const { customer_id, purchased_at, amount } of purchases) {
    const day = dayNumber(purchased_at);
    if (!Number.isFinite(day) || !(amount >= 0 && amount <= Number.MAX_SAFE_INTEGER)) continue;
    const own = found.get(customer_id);
    if (own === undefined) found.set(customer_id, [{ day, amount }]);
    else own.push({ day, amount });
  }
  for (const own of found.values()) own.sort((a, b) => a.day - b.day);
  return found;
}

/**
 * What is known of a customer at the end of day `cut`, from the purchases until then; undefined when there are none.
 * Days are days, amounts in the purchases' currency; `recent_` counts the last `window` days.
 */
export function purchaseFeatures(
  purchases: readonly { readonly day: number; readonly amount: number }[],
  cut: number,
  window: number,
): Record<string, number> | undefined {
  const past = purchases.filter(({ day }) => day <= cut);
  const first = past[0];
  const last = past.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const recent = past.filter(({ day }) => day > cut - window);
  const spend = past.reduce((sum, { amount }) => sum + amount, 0);
  return {
    days_since_last_order: cut - last.day,
    days_since_first_order: cut - first.day,
    orders: past.length,
    spend,
    mean_order_value: spend / past.length,
    mean_days_between_orders: past.length > 1 ? (last.day - first.day) / (past.length - 1) : 0,
    recent_orders: recent.length,
    recent_spend: recent.reduce((sum, { amount }) => sum + amount, 0),
  };
}
