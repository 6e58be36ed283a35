/** One card payment, as it is known when it is made. */
export interface CardPayment {
  /** Seconds since 1970-01-01T00:00Z. */
  readonly time: number;
  /** Who pays: a card or a customer. */
  readonly card: string;
  /** Where: a terminal, a shop, a seller. */
  readonly terminal: string;
  /** In the currency of all payments, 0 or more. */
  readonly amount: number;
  /** Whether it turned out to be fraud; read {@link HistoryOptions.delayDays} later only. Unknown counts as no. */
  readonly fraud: boolean;
}

export interface HistoryOptions {
  /** Days until a fraud is known, as by an investigation or a chargeback. */
  readonly delayDays: number;
  /** Which payments to describe; the others only count as past. */
  readonly wanted: (payment: CardPayment) => boolean;
}

const DAY = 86_400;
const WINDOWS = [1, 7, 30] as const;

/** Names of the columns of {@link paymentHistory}, in order; amounts in the payments' currency, windows in days. */
export const historyColumns: readonly string[] = [
  "amount",
  "weekend",
  "night",
  ...WINDOWS.flatMap((days) => [`card_payments_${days}d`, `card_mean_amount_${days}d`]),
  ...WINDOWS.flatMap((days) => [`terminal_payments_${days}d`, `terminal_fraud_share_${days}d`]),
];

/** A payment with its place in what was handed in, and what the past says of it. */
export interface PaymentWithHistory {
  readonly index: number;
  readonly payment: CardPayment;
  /** The columns of {@link historyColumns}. */
  readonly row: readonly number[];
}

/**
 * What the past says of each payment: its amount and hour, how often and how much its card paid in the last 1, 7 and 30
 * days, and how many of the payments at its terminal turned out to be fraud.
 *
 * Only the past is read: a card's windows end with the payment itself, a terminal's end `delayDays` before it, since a
 * fraud is not known sooner. A window holds what is later than its start.
 *
 * Source: Le Borgne, Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection",
 * chapter 3 (feature transformation).
 *
 * @param payments in order of time
 * @returns the wanted payments, in the same order
 */
export function paymentHistory(
  payments: readonly CardPayment[],
  { delayDays, wanted }: HistoryOptions,
): PaymentWithHistory[] {
  const rows = new Map<number, number[]>();
  payments.forEach((payment, index) => {
    if (wanted(payment)) rows.set(index, momentColumns(payment));
  });
  const times = Float64Array.from(payments, ({ time }) => time);
  const amounts = Float64Array.from(payments, ({ amount }) => amount);
  const frauds = Float64Array.from(payments, ({ fraud }) => (fraud ? 1 : 0));
  const add = (groups: number[][], values: Float64Array, delay: number) => {
    for (const own of groups) {
      for (const days of WINDOWS) {
        const { counts, sums } = slidingSums(own, times, values, days * DAY, delay);
        own.forEach((index, k) => {
          const count = counts[k] ?? 0;
          rows.get(index)?.push(count, count > 0 ? (sums[k] ?? 0) / count : 0);
        });
      }
    }
  };
  add(
    grouped(payments, ({ card }) => card),
    amounts,
    0,
  );
  add(
    grouped(payments, ({ terminal }) => terminal),
    frauds,
    delayDays * DAY,
  );
  return payments.flatMap((payment, index) => {
    const row = rows.get(index);
    return row === undefined ? [] : [{ index, payment, row }];
  });
}

function momentColumns({ time, amount }: CardPayment): number[] {
  const hour = Math.floor((time % DAY) / 3600);
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor(time / DAY) + 4) % 7;
  return [amount, weekday === 0 || weekday === 6 ? 1 : 0, hour <= 6 ? 1 : 0];
}

/** Positions of the payments of each group, in order of time. */
function grouped(payments: readonly CardPayment[], key: (payment: CardPayment) => string): number[][] {
  const groups = new Map<string, number[]>();
  payments.forEach((payment, index) => {
    const own = groups.get(key(payment));
    if (own === undefined) groups.set(key(payment), [index]);
    else own.push(index);
  });
  return [...groups.values()];
}

/** Count and sum of `values` over (time - delay - length, time - delay], for each position in `own`. */
function slidingSums(
  own: readonly number[],
  times: Float64Array,
  values: Float64Array,
  length: number,
  delay: number,
): { counts: Float64Array; sums: Float64Array } {
  const counts = new Float64Array(own.length);
  const sums = new Float64Array(own.length);
  let first = 0;
  let next = 0;
  let sum = 0;
  own.forEach((index, k) => {
    const end = (times[index] ?? 0) - delay;
    for (; next < own.length && timeAt(next) <= end; next++) sum += values[own[next] ?? 0] ?? 0;
    for (; first < next && timeAt(first) <= end - length; first++) sum -= values[own[first] ?? 0] ?? 0;
    // An empty window starts anew: else rounding of what came and went would stay.
    if (first === next) sum = 0;
    counts[k] = next - first;
    sums[k] = sum;
  });
  return { counts, sums };

  function timeAt(k: number): number {
    return times[own[k] ?? 0] ?? 0;
  }
}
