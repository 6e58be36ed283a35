/** What one customer did, counted to the end of the data. Orders that were cancelled do not count. */
export interface CustomerSummary {
  readonly customer_id: string;
  /** Days from the last order to the end of the data, 0 or more. */
  readonly recency_days: number;
  /** Orders, 1 or more. */
  readonly orders: number;
  /** Paid in all, in one currency, more than 0. */
  readonly spend: number;
}

/** Recency, frequency and spend of each customer on one scale. */
export interface RfmSpace {
  /** Better is higher: late, often, much. Mean 0 and deviation 1, or 0 throughout where all customers are alike. */
  readonly points: readonly (readonly [recency: number, frequency: number, spend: number])[];
}

/** Whether RFM can say anything of a customer: somebody who returned all that he bought has no spend. */
export function hasRfm({ recency_days, orders, spend }: CustomerSummary): boolean {
  const isSound = [recency_days, orders, spend].every((value) => value <= Number.MAX_SAFE_INTEGER);
  return isSound && recency_days >= 0 && orders >= 1 && spend > 0;
}

/** Logarithms, since all three are skewed, then standardised. Source: Fader, Hardie, Lee (2005), "RFM and CLV". */
export function rfmSpace(customers: readonly CustomerSummary[]): RfmSpace {
  const recency = standardised(customers.map(({ recency_days }) => -Math.log1p(recency_days)));
  const frequency = standardised(customers.map(({ orders }) => Math.log(orders)));
  const spend = standardised(customers.map((customer) => Math.log(customer.spend)));
  return { points: customers.map((_, i) => [recency[i] ?? 0, frequency[i] ?? 0, spend[i] ?? 0]) };
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation > 1e-9 ? (value - mean) / deviation : 0));
}
