/** What a question may be split by, or be about only a part of. */
export interface Dimension {
  readonly key: string;
  /** As a pattern: how people say it. */
  readonly words: string;
  /** Name of the column in the answer. */
  readonly alias: string;
  /** Tables that have it, with the column that it is, or is made of. */
  readonly columns: Readonly<Record<string, string>>;
  /** What is made of the column, where it is not the column itself. */
  readonly of?: (column: string) => string;
}

function dimension(
  key: string,
  words: string,
  column: string,
  tables: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Dimension {
  return {
    key,
    words,
    alias: column,
    columns: { ...Object.fromEntries(tables.map((table) => [table, column])), ...others },
  };
}

const facts = ["sales", "orders"];
const days = { daily_sales: "sale_date" };
const sums = ["daily_sales", "regional_sales"];

/** Longer phrases first: each is looked for in turn. */
export const dimensions: readonly Dimension[] = [
  dimension(
    "seller_region",
    "sellers?'? (?:regions?|states?)|(?:regions?|states?) of (?:the )?sellers?",
    "seller_region",
    ["sales"],
  ),
  dimension(
    "payment_type",
    "payment (?:types?|methods?)|(?:types?|methods?|means) of payment|how (?:it was|they were) paid",
    "payment_type",
    ["orders"],
  ),
  dimension("status", "(?:order )?status(?:es)?", "status", facts),
  dimension("region", "(?:customers?'? )?(?:regions?|states?)", "region", [...facts, "customers", ...sums]),
  dimension("category", "(?:product )?categor(?:y|ies)", "category", ["sales", "products", ...sums]),
  dimension("city", "(?:customers?'? )?(?:city|cities|towns?)", "city", [...facts, "customers"]),
  dimension("month", "months?", "month", [...facts, ...sums]),
  {
    ...dimension("year", "years?", "month", [...facts, ...sums]),
    alias: "year",
    of: (month) => `substr(${month}, 1, 4)`,
  },
  {
    ...dimension("weekday", "weekdays?|days? of the week", "purchase_date", facts, days),
    alias: "day_of_week",
    of: (day) => `day_of_week(${day})`,
  },
  {
    ...dimension("week", "weeks?", "purchase_date", facts, days),
    alias: "week",
    of: (day) => `CAST(date_trunc('week', ${day}) AS date)`,
  },
  {
    ...dimension("quarter", "quarters?", "purchase_date", facts, days),
    alias: "quarter",
    of: (day) => `CAST(date_trunc('quarter', ${day}) AS date)`,
  },
  dimension("day", "days?|dates?", "purchase_date", facts, days),
  dimension("product", "products?", "product_id", ["sales", "products"]),
  dimension("seller", "sellers?|vendors?|merchants?", "seller_id", ["sales"]),
  dimension("customer", "customers?|buyers?|persons?", "customer_id", [...facts, "customers"]),
  dimension("late", "lateness|whether (?:it was|they were) late", "is_late", facts),
  dimension("installments", "(?:number of )?install?ments?", "installments", ["orders"]),
  dimension("order", "orders?|purchases?", "order_id", facts),
];

export function dimensionOf(key: string): Dimension {
  const found = dimensions.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no dimension ${key}`);
  return found;
}

/** Patterns of all dimensions that may follow `by`, in their order. */
export const anyDimension = dimensions.map(({ words }) => words).join("|");

/** The dimension that a phrase names. */
export function dimensionNamed(phrase: string): Dimension {
  const found = dimensions.find(({ words }) => new RegExp(`^(?:${words})$`, "iu").test(phrase));
  if (found === undefined) throw new Error(`no dimension is called ${phrase}`);
  return found;
}
