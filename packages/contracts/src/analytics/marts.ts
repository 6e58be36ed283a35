import { analystTable } from "./analyst-table.ts";

/**
 * The marts: what curated tables say, joined and summed for analysts. Orders that break a rule over several tables are
 * in none of them. Amounts are in the one currency of the data. A *customer* is a person (`person_id` of the curated
 * table), a *region* the customer's state. Sales *count* unless their order was cancelled or its goods unavailable;
 * every sum is of sales that count.
 */

const month = { month: "month of the purchase, YYYY-MM" };
const asOf = { as_of: "last day of purchases in the data, YYYY-MM-DD" };

/** One row per line of an order: the facts of sales, with what is known around each. */
export const sales = analystTable({
  name: "sales",
  description: "Lines of orders with their order, customer, product and seller",
  columns: {
    order_id: ["string", "the order"],
    order_item_id: ["bigint", "1..n within the order"],
    purchased_at: ["timestamp", "moment of the purchase, UTC"],
    purchase_date: ["date", "day of the purchase"],
    status: ["string", "of the order"],
    counts: ["boolean", "false for cancelled orders and unavailable goods"],
    customer_id: ["string", "the person who bought"],
    region: ["string", "state of the customer"],
    city: ["string", "of the customer, as given"],
    product_id: ["string", "the product"],
    category: ["string", "of the product; 'unknown' where it has none"],
    seller_id: ["string", "the seller"],
    seller_region: ["string", "state of the seller"],
    quantity: ["bigint", "pieces"],
    price: ["decimal(12,2)", "of one piece"],
    freight: ["decimal(12,2)", "of the line"],
    revenue: ["decimal(18,2)", "price times quantity, without freight"],
    cost: ["decimal(18,2)", "unit cost times quantity; null where the unit cost is not known"],
    margin: ["decimal(18,2)", "revenue less cost; null where the cost is not known"],
    delivery_days: ["bigint", "whole days from purchase to delivery; null before it"],
    is_late: ["boolean", "delivered after the day that was promised; null before delivery"],
  },
  partitionBy: month,
  orderBy: ["purchased_at", "order_id", "order_item_id"],
});

/** One row per order, also of those without items or payments, cancelled ones included. */
export const orders = analystTable({
  name: "orders",
  description: "Orders with what was owed and paid, delivery and review",
  columns: {
    order_id: ["string", "the order"],
    customer_id: ["string", "the person who bought"],
    purchased_at: ["timestamp", "moment of the purchase, UTC"],
    purchase_date: ["date", "day of the purchase"],
    status: ["string", "of the order"],
    counts: ["boolean", "false for cancelled orders and unavailable goods"],
    region: ["string", "state of the customer"],
    city: ["string", "of the customer, as given"],
    items: ["bigint", "lines; 0 without any"],
    revenue: ["decimal(18,2)", "of the lines, without freight; 0 without any"],
    freight: ["decimal(18,2)", "of the lines; 0 without any"],
    owed: ["decimal(18,2)", "revenue and freight; null without lines"],
    payments: ["bigint", "parts that it was paid in; 0 without any"],
    paid: ["decimal(18,2)", "in all; 0 without any"],
    payment_type: ["string", "of the largest payment; null without any"],
    installments: ["bigint", "most of one payment; 0 without any"],
    delivery_days: ["bigint", "whole days from purchase to delivery; null before it"],
    is_late: ["boolean", "delivered after the day that was promised; null before delivery"],
    review_score: ["double", "mean of its reviews, 1 to 5; null without any"],
  },
  partitionBy: month,
  orderBy: ["purchased_at", "order_id"],
});

/** One row per person with an order that counts. */
export const customers = analystTable({
  name: "customers",
  description: "Customers with when, how often and how much they bought",
  columns: {
    customer_id: ["string", "the person"],
    region: ["string", "state of the latest order"],
    city: ["string", "of the latest order, as given"],
    first_purchase: ["date", "day of the first order"],
    last_purchase: ["date", "day of the latest order"],
    orders: ["bigint", "orders"],
    items: ["bigint", "pieces"],
    spend: ["decimal(18,2)", "revenue and freight of the orders"],
    mean_order_value: ["double", "spend per order"],
    repeat_days: ["bigint", "days with an order after the first such day"],
    recency_days: ["bigint", "days from the first order to the latest"],
    age_days: ["bigint", "days from the first order to the last day of the data"],
    days_since_last: ["bigint", "days from the latest order to the last day of the data"],
    mean_repeat_spend: ["double", "spend per repeat day; 0 without repeats"],
    favourite_category: ["string", "most revenue; null without lines"],
    mean_review_score: ["double", "1 to 5; null without reviews"],
  },
  partitionBy: asOf,
  orderBy: ["customer_id"],
});

/** One row per product of the catalogue, sold or not. */
export const products = analystTable({
  name: "products",
  description: "Products with what they sold",
  columns: {
    product_id: ["string", "the product"],
    category: ["string", "'unknown' where it has none"],
    orders: ["bigint", "orders with it"],
    quantity: ["bigint", "pieces sold"],
    revenue: ["decimal(18,2)", "without freight"],
    mean_price: ["double", "revenue per piece; null when nothing was sold"],
    unit_cost: ["decimal(12,2)", "null where it is not known"],
    margin: ["decimal(18,2)", "revenue less cost; null where the unit cost is not known"],
    sellers: ["bigint", "sellers that sold it"],
    first_sold: ["date", "null when nothing was sold"],
    last_sold: ["date", "null when nothing was sold"],
    stock: ["bigint", "pieces in all warehouses; null where inventory says nothing"],
    mean_review_score: ["double", "of its orders, 1 to 5; null without reviews"],
  },
  partitionBy: asOf,
  orderBy: ["product_id"],
});

/** One row per day, region and category with sales. */
export const dailySales = analystTable({
  name: "daily_sales",
  description: "Sales per day, region and category",
  columns: {
    sale_date: ["date", "day of the purchase"],
    region: ["string", "state of the customers"],
    category: ["string", "of the products; 'unknown' where they have none"],
    orders: ["bigint", "orders with such a line"],
    customers: ["bigint", "persons with such an order"],
    quantity: ["bigint", "pieces"],
    revenue: ["decimal(18,2)", "without freight"],
    freight: ["decimal(18,2)", "of the lines"],
  },
  partitionBy: month,
  orderBy: ["sale_date", "region", "category"],
});

/** One row per month, region and category with sales. */
export const regionalSales = analystTable({
  name: "regional_sales",
  description: "Sales per month, region and category",
  columns: {
    region: ["string", "state of the customers"],
    category: ["string", "of the products; 'unknown' where they have none"],
    orders: ["bigint", "orders with such a line"],
    customers: ["bigint", "persons with such an order"],
    quantity: ["bigint", "pieces"],
    revenue: ["decimal(18,2)", "without freight"],
    freight: ["decimal(18,2)", "of the lines"],
    cost: ["decimal(18,2)", "null where a unit cost is not known"],
    late_share: ["double", "share of delivered orders that were late, 0 to 1; null without deliveries"],
    mean_review_score: ["double", "1 to 5; null without reviews"],
  },
  partitionBy: month,
  orderBy: ["month", "region", "category"],
});

/** Every mart, by name. */
export const marts = {
  sales,
  orders,
  customers,
  products,
  daily_sales: dailySales,
  regional_sales: regionalSales,
} as const;

export type MartName = keyof typeof marts;
