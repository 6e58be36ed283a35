/** What a question may be split by, or be about only a part of. */
export interface Dimension {
  readonly key: string;
  /** As a pattern: how people say it. */
  readonly words: string;
  /** Name of the column in the answer. */
  readonly alias: string;
  /** Tables that have it, with the column; `year` is made of the month. */
  readonly columns: Readonly<Record<string, string>>;
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
  { ...dimension("year", "years?", "month", [...facts, ...sums]), alias: "year" },
  dimension("day", "days?|dates?", "purchase_date", facts, { daily_sales: "sale_date" }),
  dimension("product", "products?", "product_id", ["sales", "products"]),
  dimension("seller", "sellers?|vendors?|merchants?", "seller_id", ["sales"]),
  dimension("customer", "customers?|buyers?|persons?", "customer_id", [...facts, "customers"]),
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
