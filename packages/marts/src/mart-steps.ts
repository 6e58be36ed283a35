import { type MartName, marts } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import type { Step } from "./source-steps.ts";

/** What a mart is made of: an expression for each column that is more than a column of that name, and where from. */
interface MartQuery {
  readonly columns: Readonly<Record<string, string>>;
  readonly from: string;
}

const share = (part: string, of: string) => `CAST(${part} AS DOUBLE) / NULLIF(CAST(${of} AS DOUBLE), 0E0)`;

const queries: Readonly<Record<MartName, MartQuery>> = {
  sales: { columns: {}, from: "FROM lines" },

  orders: { columns: { review_score: share("stars", "reviews") }, from: "FROM order_rows" },

  customers: {
    columns: {
      customer_id: "s.customer_id",
      region: "COALESCE(p.region, s.region)",
      city: "COALESCE(p.city, s.city)",
      mean_order_value: share("s.spend", "s.orders"),
      repeat_days: "s.days - 1",
      recency_days: "date_diff('day', s.first_purchase, s.last_purchase)",
      age_days: "date_diff('day', s.first_purchase, d.as_of)",
      days_since_last: "date_diff('day', s.last_purchase, d.as_of)",
      mean_repeat_spend: `COALESCE(${share("r.spend", "s.days - 1")}, 0E0)`,
      favourite_category: "f.category",
      mean_review_score: share("s.stars", "s.reviews"),
      spend: "s.spend",
      as_of: "d.as_of",
    },
    from: `
      FROM person_sums s
      CROSS JOIN last_day d
      LEFT JOIN person_places p ON p.customer_id = s.customer_id
      LEFT JOIN person_repeats r ON r.customer_id = s.customer_id
      LEFT JOIN person_favourites f ON f.customer_id = s.customer_id`,
  },

  products: {
    columns: {
      product_id: "p.product_id",
      category: "COALESCE(p.category, 'unknown')",
      orders: "COALESCE(s.orders, 0)",
      quantity: "COALESCE(s.quantity, 0)",
      revenue: "COALESCE(s.revenue, CAST('0' AS DECIMAL(18, 2)))",
      mean_price: share("s.revenue", "s.quantity"),
      margin:
        "COALESCE(s.revenue, CAST('0' AS DECIMAL(18, 2))) - CAST(p.unit_cost * CAST(COALESCE(s.quantity, 0) AS DECIMAL(12, 0)) AS DECIMAL(18, 2))",
      sellers: "COALESCE(v.sellers, 0)",
      mean_review_score: share("s.stars", "s.reviews"),
      as_of: "COALESCE(CAST(d.as_of AS VARCHAR), 'none')",
    },
    from: `
      FROM latest_products p
      CROSS JOIN last_day d
      LEFT JOIN product_sums s ON s.product_id = p.product_id
      LEFT JOIN product_sellers v ON v.product_id = p.product_id
      LEFT JOIN product_stock t ON t.product_id = p.product_id`,
  },

  daily_sales: {
    columns: { sale_date: "purchase_date" },
    from: `
      FROM (
        SELECT purchase_date, region, category, min(month) AS month, count(*) AS orders,
          count(DISTINCT customer_id) AS customers, sum(quantity) AS quantity, sum(revenue) AS revenue,
          sum(freight) AS freight
        FROM order_categories GROUP BY purchase_date, region, category
      ) g`,
  },

  regional_sales: {
    columns: {
      cost: "CASE WHEN unknown_costs = 0 THEN cost END",
      late_share: share("late", "delivered"),
      mean_review_score: share("stars", "reviews"),
    },
    from: `
      FROM (
        SELECT month, region, category, count(*) AS orders, count(DISTINCT customer_id) AS customers,
          sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, sum(cost) AS cost,
          sum(unknown_costs) AS unknown_costs, sum(late) AS late, count(late) AS delivered, sum(stars) AS stars,
          sum(reviews) AS reviews
        FROM order_categories GROUP BY month, region, category
      ) g`,
  },
};

/** The marts in the order in which they are written. */
export const martNames: readonly MartName[] = [
  "sales",
  "orders",
  "customers",
  "products",
  "daily_sales",
  "regional_sales",
];

/** `mart_<name>`: the rows of a mart in exactly the columns and types of its contract, and its partition's. */
export const martSteps: readonly Step[] = martNames.map((name) => {
  const { columns, partitionKeys } = marts[name];
  const { columns: expressions, from } = queries[name];
  const [, ...folders] = partitionKeys;
  const selected = [...columns, ...folders].map(({ name: column, type }) => {
    const sqlType = type === "string" ? "VARCHAR" : type.toUpperCase();
    return `CAST(${expressions[column] ?? identifier(column)} AS ${sqlType}) AS ${identifier(column)}`;
  });
  return { name: `mart_${name}`, sql: `SELECT ${selected.join(", ")} ${from}` };
});
