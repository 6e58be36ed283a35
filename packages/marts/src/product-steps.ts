import { martStep, money, NO_MONEY, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

/** One row per product and order that counts with it, so that a review of an order counts once. */
const orders: Step = {
  name: "product_orders",
  sql: `
    SELECT product_id, quantity, revenue, cost, purchase_date, reviews, stars
    FROM mart_sales WHERE counts AND is_only_line
    UNION ALL
    SELECT product_id, ${whole("sum(quantity)")} AS quantity, ${money("sum(revenue)")} AS revenue,
      ${money("sum(cost)")} AS cost, min(purchase_date) AS purchase_date, max(reviews) AS reviews, max(stars) AS stars
    FROM mart_sales WHERE counts AND NOT is_only_line GROUP BY product_id, order_id`,
};

const sums: Step = {
  name: "product_sums",
  sql: `
    SELECT product_id, count(*) AS orders, ${whole("sum(quantity)")} AS quantity, ${money("sum(revenue)")} AS revenue,
      ${money("sum(cost)")} AS cost, min(purchase_date) AS first_sold, max(purchase_date) AS last_sold,
      ${whole("sum(reviews)")} AS reviews, ${whole("sum(stars)")} AS stars
    FROM product_orders GROUP BY product_id`,
};

const sellers: Step = {
  name: "product_sellers",
  sql: "SELECT product_id, count(DISTINCT seller_id) AS sellers FROM mart_sales WHERE counts GROUP BY product_id",
};

const stock: Step = {
  name: "product_stock",
  sql: "SELECT product_id, sum(quantity) AS stock FROM latest_inventory GROUP BY product_id",
};

const products = martStep("products", {
  columns: {
    product_id: "p.product_id",
    category: "COALESCE(p.category, 'unknown')",
    orders: "COALESCE(s.orders, 0)",
    quantity: "COALESCE(s.quantity, 0)",
    revenue: `COALESCE(s.revenue, ${NO_MONEY})`,
    mean_price: share("s.revenue", "s.quantity"),
    margin: `CASE WHEN p.unit_cost IS NOT NULL THEN COALESCE(s.revenue - s.cost, ${NO_MONEY}) END`,
    sellers: "COALESCE(v.sellers, 0)",
    mean_review_score: share("s.stars", "s.reviews"),
    as_of: "COALESCE(CAST(d.as_of AS VARCHAR), 'none')",
  },
  from: `latest_products p
    CROSS JOIN last_day d
    LEFT JOIN product_sums s ON s.product_id = p.product_id
    LEFT JOIN product_sellers v ON v.product_id = p.product_id
    LEFT JOIN product_stock t ON t.product_id = p.product_id`,
});

/** The steps up to the mart of products, each over the ones before it. */
export const productSteps: readonly Step[] = [orders, sums, sellers, stock, products];
