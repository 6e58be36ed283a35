/** Writes a column for the place where it is to stand. */
export type ColumnWriter = (column: string) => string;

/** How a measure is taken from one table. */
export interface Formula {
  readonly columns: readonly string[];
  readonly sql: (column: ColumnWriter) => string;
}

/** Something that is counted, summed or averaged. */
export interface Measure {
  readonly key: string;
  /** As a pattern: how people say it. */
  readonly words: string;
  readonly on: Readonly<Record<string, Formula>>;
  /** Its parts add up to the whole, so that it can be had per order, per customer, per month. */
  readonly additive: boolean;
  /** Column of single orders, for questions of some of them: `orders with more than 2 items`. */
  readonly ofOrder?: string;
  /** Table and column of single values, for the largest and the smallest. */
  readonly single?: readonly [table: string, column: string];
}

/** A quotient of two expressions as a double, NULL where the divisor is 0. */
export function quotient(dividend: string, divisor: string): string {
  return `CAST(${dividend} AS double) / NULLIF(CAST(${divisor} AS double), 0E0)`;
}

const sum = (column: string): Formula => ({ columns: [column], sql: (c) => `sum(${c(column)})` });
const distinct = (column: string): Formula => ({
  columns: [column],
  sql: (c) => `count(DISTINCT ${c(column)})`,
});
const mean = (column: string): Formula => ({
  columns: [column],
  sql: (c) => quotient(`sum(${c(column)})`, `count(${c(column)})`),
});
const rows = (column: string): Formula => ({ columns: [column], sql: () => "count(*)" });
const ratio = (top: Formula, bottom: Formula): Formula => ({
  columns: [...top.columns, ...bottom.columns],
  sql: (c) => quotient(top.sql(c), bottom.sql(c)),
});

const lateShare: Formula = {
  columns: ["is_late"],
  sql: (c) => quotient(`count(*) FILTER (WHERE ${c("is_late")})`, `count(${c("is_late")})`),
};

const everywhere = (column: string) => ({
  regional_sales: sum(column),
  daily_sales: sum(column),
  orders: sum(column),
  sales: sum(column),
});

const counted = (things: string) =>
  `(?:how many|number of|count of|amount of) (?:different |distinct |unique )?(?:${things})`;
const average = "(?:average|mean|avg)(?: of)?(?: the)?";
const share = "(?:share|percentage|percent|proportion|fraction|part)";
const late = "(?:late|delayed)";

/** Longer phrases first: each is looked for in turn. */
export const measures: readonly Measure[] = [
  {
    key: "late_share",
    words: `${share} of (?:the )?(?:${late} (?:deliver(?:y|ies)|orders)|(?:orders|deliveries) (?:that |which )?(?:were |was |are |is |came |arrived |delivered |been |have |has )*${late})|${late} (?:delivery |order )?(?:${share}|rate)`,
    on: { orders: lateShare },
    additive: false,
  },
  {
    key: "average_order_value",
    words: `(?:${average} )?(?:order values?|basket(?: values?| sizes?)?)|aov|${average} (?:revenue|value) (?:per|of an|of) orders?`,
    on: {
      orders: ratio(sum("revenue"), rows("order_id")),
      sales: ratio(sum("revenue"), distinct("order_id")),
    },
    additive: false,
    single: ["orders", "revenue"],
  },
  {
    key: "review_score",
    words: `(?:${average} )?(?:customer )?(?:review (?:scores?|ratings?)|reviews?|ratings?)`,
    on: { orders: mean("review_score") },
    additive: false,
    ofOrder: "review_score",
    single: ["orders", "review_score"],
  },
  {
    key: "delivery_days",
    words: `(?:${average} )?(?:(?:number of )?(?:delivery (?:times?|days|durations?)|(?:days|time) (?:to|until|of|for) (?:the )?deliver(?:y|ies)))`,
    on: { orders: mean("delivery_days") },
    additive: false,
    ofOrder: "delivery_days",
    single: ["orders", "delivery_days"],
  },
  {
    key: "payments",
    words: counted("payments"),
    on: { orders: sum("payments") },
    additive: true,
    ofOrder: "payments",
  },
  {
    key: "paid",
    words: "amounts? paid|payment (?:values?|amounts?|volumes?)|total paid|(?:sum of (?:the )?)?payments?",
    on: { orders: sum("paid") },
    additive: true,
    ofOrder: "paid",
    single: ["orders", "paid"],
  },
  {
    key: "freight",
    words: "(?:freight|shipping)(?: costs?| charges?| fees?)?",
    on: everywhere("freight"),
    additive: true,
    ofOrder: "freight",
    single: ["sales", "freight"],
  },
  {
    key: "installments",
    words: `(?:${average} )?(?:number of )?install?ments?`,
    on: { orders: mean("installments") },
    additive: false,
    ofOrder: "installments",
    single: ["orders", "installments"],
  },
  {
    key: "quantity",
    words: `${counted("items|pieces|units")}(?: sold)?|quantit(?:y|ies)(?: sold)?|(?:items|pieces|units)(?: sold)?|(?:best|top|worst)[- ]?selling|most sold`,
    on: {
      regional_sales: sum("quantity"),
      daily_sales: sum("quantity"),
      sales: sum("quantity"),
    },
    additive: true,
    ofOrder: "items",
    single: ["sales", "quantity"],
  },
  { key: "margin", words: "margins?|profits?", on: { sales: sum("margin") }, additive: true },
  {
    key: "price",
    words: `(?:${average} )?(?:unit |item |product )?prices?`,
    on: { sales: ratio(sum("revenue"), sum("quantity")) },
    additive: false,
    single: ["sales", "price"],
  },
  { key: "cost", words: "costs?(?: of (?:the )?goods)?", on: { sales: sum("cost") }, additive: true },
  { key: "stock", words: "stocks?|inventory", on: { products: sum("stock") }, additive: true },
  {
    key: "spend",
    words: "spend(?:ing)?|spent",
    on: { customers: sum("spend") },
    additive: true,
    single: ["customers", "spend"],
  },
  {
    key: "orders",
    words: `${counted("orders|purchases|sales")}`,
    on: { orders: rows("order_id"), sales: distinct("order_id") },
    additive: true,
  },
  {
    key: "customers",
    words: counted("customers|buyers|persons|people"),
    on: { orders: distinct("customer_id"), sales: distinct("customer_id"), customers: rows("customer_id") },
    additive: true,
  },
  {
    key: "sold_products",
    words: `${counted("products")} (?:(?:were|are|was|did we|do we|have been) )*(?:sold|sell)`,
    on: { sales: distinct("product_id") },
    additive: true,
  },
  {
    key: "pieces_sold",
    words: "lifetime pieces",
    on: { products: sum("quantity") },
    additive: true,
  },
  {
    key: "products",
    words: counted("products"),
    on: { products: rows("product_id"), sales: distinct("product_id") },
    additive: true,
  },
  {
    key: "sellers",
    words: counted("sellers|vendors|merchants"),
    on: { sales: distinct("seller_id") },
    additive: true,
  },
  {
    key: "categories",
    words: counted("(?:product )?categories"),
    on: { products: distinct("category"), sales: distinct("category") },
    additive: true,
  },
  {
    key: "regions",
    words: counted("regions|states"),
    on: { orders: distinct("region"), sales: distinct("region") },
    additive: true,
  },
  {
    key: "cities",
    words: counted("cities|towns"),
    on: { orders: distinct("city"), sales: distinct("city") },
    additive: true,
  },
  {
    key: "revenue",
    words: "revenues?|turnover|sales|income",
    on: everywhere("revenue"),
    additive: true,
    ofOrder: "revenue",
    single: ["orders", "revenue"],
  },
];

export function measureOf(key: string): Measure {
  const found = measures.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no measure ${key}`);
  return found;
}

/** The measure that a phrase names: in `more than 3 orders` a thing alone is its number. */
export function measureNamed(phrase: string): Measure | undefined {
  const fits = ({ words }: Measure, text: string) => new RegExp(`^(?:${words})$`, "iu").test(text);
  return measures.find((each) => fits(each, phrase) || fits(each, `number of ${phrase}`));
}
