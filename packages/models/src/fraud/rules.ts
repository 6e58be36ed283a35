import { type OrderInContext, unsettled } from "./orders.ts";

/** What counts as too many, too different, too much. */
export interface FraudLimits {
  /** The window of the velocity rules. */
  readonly windowHours: number;
  /** More orders of one person in the window are suspicious. */
  readonly maxOrdersInWindow: number;
  /** Payments may differ from what is owed by so much, in the currency. */
  readonly amountTolerance: number;
  /** Any amount above is flagged; null leaves it to {@link amountFence}. */
  readonly amountLimit: number | null;
}

/** A rule that an order breaks, how far (0 just over, 1 far beyond), and in words. */
export interface RuleHit {
  readonly rule: "velocity" | "mismatch" | "amount";
  readonly severity: number;
  readonly detail: string;
}

/** Robust deviations above the median, on logarithms, from which an amount is suspicious. */
const FENCE = 3.5;

/**
 * The amount above which an order stands out: median + 3.5 robust deviations of the logarithms of what was paid.
 *
 * Source: Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers" (modified z-score).
 *
 * @returns undefined when the amounts do not vary enough to tell
 */
export function amountFence(paid: readonly number[]): number | undefined {
  const logs = paid.filter((amount) => amount > 0).map(Math.log);
  const middle = median(logs);
  if (middle === undefined) return undefined;
  const spread = 1.4826 * (median(logs.map((value) => Math.abs(value - middle))) ?? 0);
  return spread > 0 ? Math.exp(middle + FENCE * spread) : undefined;
}

/** Every rule that an order breaks. `fence`: from {@link amountFence}, over the orders that it is compared with. */
export function brokenFraudRules(
  { order, recentOrders, recentRegions }: OrderInContext,
  limits: FraudLimits,
  fence: number | undefined,
): RuleHit[] {
  const hits: RuleHit[] = [];
  const { windowHours, maxOrdersInWindow, amountTolerance } = limits;
  if (recentOrders > maxOrdersInWindow) {
    hits.push({
      rule: "velocity",
      severity: Math.min(1, (recentOrders - maxOrdersInWindow) / maxOrdersInWindow),
      detail: `${recentOrders} orders of one person within ${windowHours} h`,
    });
  }
  if (recentRegions > 1) {
    hits.push({
      rule: "mismatch",
      severity: Math.min(1, (recentRegions - 1) / 2),
      detail: `orders of one person to ${recentRegions} regions within ${windowHours} h`,
    });
  }
  const difference = unsettled(order);
  if (order.owed !== null && difference > amountTolerance) {
    hits.push({
      rule: "mismatch",
      severity: Math.min(1, difference / Math.max(order.paid, order.owed)),
      detail: `paid ${order.paid.toFixed(2)}, owed ${order.owed.toFixed(2)}`,
    });
  }
  const limit = limits.amountLimit ?? fence;
  if (limit !== undefined && order.paid > limit) {
    hits.push({
      rule: "amount",
      severity: limit > 0 ? Math.min(1, order.paid / limit - 1) : 1,
      detail: `paid ${order.paid.toFixed(2)}, above ${limit.toFixed(2)}`,
    });
  }
  return hits;
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  return upper === undefined || lower === undefined ? undefined : lower + (upper - lower) / 2;
}
