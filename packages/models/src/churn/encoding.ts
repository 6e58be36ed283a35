/** What is known of a customer, by name: a number (days, counts, money) or a category. */
export type CustomerFeatures = Readonly<Record<string, number | string>>;

/** One number that the model sees, and the feature that it comes from. */
interface Term {
  readonly feature: string;
  value(features: CustomerFeatures): number;
}

/** How features become numbers, learned from the customers that a model is trained on. */
export interface Encoding {
  /** The feature behind each column. */
  readonly features: readonly string[];
  encode(features: CustomerFeatures): number[];
}

/**
 * Turns features into columns: a category becomes one column of 0 and 1 for each of its levels but the first (in order
 * of the alphabet); a number stays, and one that is never negative is given as log(1 + x) too, because a first month
 * weighs more than a thirtieth. A level that was not there in training counts as the first.
 */
export function learnEncoding(customers: readonly CustomerFeatures[]): Encoding {
  const terms = Object.keys(customers[0] ?? {}).flatMap((feature): Term[] => {
    const values = customers.map((customer) => customer[feature]);
    const numbers = values.filter((value) => typeof value === "number");
    if (numbers.length < values.length) return levels(feature, values.map(String));
    const plain: Term = { feature, value: (customer) => asNumber(customer[feature]) };
    const isAmount = numbers.every((value) => value >= 0) && new Set(numbers).size > 2;
    const logarithm: Term = {
      feature,
      value: (customer) => Math.log1p(Math.max(0, asNumber(customer[feature]))),
    };
    return isAmount ? [plain, logarithm] : [plain];
  });
  return {
    features: terms.map(({ feature }) => feature),
    encode: (customer) => terms.map(({ value }) => value(customer)),
  };
}

function levels(feature: string, values: readonly string[]): Term[] {
  const distinct = [...new Set(values)].sort();
  return distinct
    .slice(1)
    .map((level) => ({ feature, value: (customer) => (String(customer[feature]) === level ? 1 : 0) }));
}

function asNumber(value: number | string | undefined): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
