/** A question, and the query that a person would write for it over the marts of one build. */
export interface AskedCase {
  readonly question: string;
  readonly sql: string;
  /** Rows come in this order. */
  readonly ordered?: true;
}

const in2018 = "strftime(purchase_date, '%Y') = '2018'";

export const cases: readonly AskedCase[] = [
  { question: "What is the total revenue?", sql: "SELECT sum(revenue) FROM sales WHERE counts" },
  {
    question: "How many orders were placed in 2018?",
    sql: `SELECT count(*) FROM orders WHERE counts AND ${in2018}`,
  },
  {
    question: "Revenue by region",
    sql: "SELECT region, sum(revenue) FROM sales WHERE counts GROUP BY region",
  },
  {
    question: "Top 3 categories by revenue in 2018",
    sql: `SELECT category, sum(revenue) AS r FROM sales WHERE counts AND ${in2018} GROUP BY category ORDER BY r DESC LIMIT 3`,
    ordered: true,
  },
  {
    question: "What is the number of customers per region?",
    sql: "SELECT region, count(DISTINCT customer_id) FROM orders WHERE counts GROUP BY region",
  },
  {
    question: "Average order value by payment type",
    sql: "SELECT payment_type, avg(revenue) FROM orders WHERE counts GROUP BY payment_type",
  },
  {
    question: "Show me the monthly revenue in 2017",
    sql: "SELECT month, sum(revenue) FROM sales WHERE counts AND month LIKE '2017-%' GROUP BY month ORDER BY month",
    ordered: true,
  },
  {
    question: "Revenue per day in March 2018",
    sql: "SELECT purchase_date, sum(revenue) FROM sales WHERE counts AND month = '2018-03' GROUP BY 1 ORDER BY 1",
    ordered: true,
  },
  {
    question: "What is the share of late deliveries by region?",
    sql: "SELECT region, avg(CAST(is_late AS INTEGER)) FROM orders WHERE counts GROUP BY region",
  },
  {
    question: "Average review score per category",
    sql: `SELECT category, avg(review_score) FROM (SELECT DISTINCT s.order_id, category, review_score FROM sales AS s
      JOIN orders AS o USING (order_id) WHERE o.counts) GROUP BY category`,
  },
  {
    question: "Which 3 sellers had the highest revenue?",
    sql: "SELECT seller_id, sum(revenue) AS r FROM sales WHERE counts GROUP BY seller_id ORDER BY r DESC LIMIT 3",
    ordered: true,
  },
  {
    question: "How many orders were cancelled?",
    sql: "SELECT count(*) FROM orders WHERE status = 'canceled'",
  },
  {
    question: "How many orders were late in January 2018?",
    sql: "SELECT count(*) FROM orders WHERE counts AND is_late AND month = '2018-01'",
  },
  {
    question: "Total margin by category, lowest first",
    sql: "SELECT category, sum(margin) AS m FROM sales WHERE counts GROUP BY category ORDER BY m",
    ordered: true,
  },
  {
    question: "How many customers have more than 3 orders?",
    sql: "SELECT count(*) FROM customers WHERE orders > 3",
  },
  {
    question: "Which categories had more than 10000 revenue?",
    sql: "SELECT category, sum(revenue) FROM sales WHERE counts GROUP BY category HAVING sum(revenue) > 10000",
  },
  {
    question: "Compare the revenue of SP and RJ",
    sql: "SELECT region, sum(revenue) FROM sales WHERE counts AND region IN ('SP', 'RJ') GROUP BY region",
  },
  {
    question: "Compare revenue in 2017 and 2018",
    sql: "SELECT strftime(purchase_date, '%Y'), sum(revenue) FROM sales WHERE counts GROUP BY 1",
  },
  {
    question: "Revenue by region and month since March 2018",
    sql: "SELECT region, month, sum(revenue) FROM sales WHERE counts AND month >= '2018-03' GROUP BY ALL ORDER BY ALL",
    ordered: true,
  },
  {
    question: "How many items were sold between 2017-11-10 and 2018-01-15?",
    sql: `SELECT sum(quantity) FROM sales
      WHERE counts AND purchase_date BETWEEN DATE '2017-11-10' AND DATE '2018-01-15'`,
  },
  {
    question: "Bottom 3 products by quantity sold",
    sql: `SELECT product_id, sum(quantity) AS q FROM sales WHERE counts GROUP BY product_id
      ORDER BY q, product_id LIMIT 3`,
    ordered: true,
  },
  {
    question: "Average delivery time by seller region",
    sql: `SELECT seller_region, avg(delivery_days) FROM (SELECT DISTINCT order_id, seller_region, delivery_days
      FROM sales WHERE counts) GROUP BY seller_region`,
  },
  {
    question: "What percentage of revenue comes from SP?",
    sql: "SELECT sum(CASE WHEN region = 'SP' THEN revenue END)::DOUBLE / sum(revenue)::DOUBLE FROM sales WHERE counts",
  },
  {
    question: "Share of orders by payment type",
    sql: `SELECT payment_type, count(*), count(*) / (SELECT count(*) FROM orders WHERE counts)
      FROM orders WHERE counts GROUP BY payment_type`,
  },
  {
    question: "Average freight per order in RJ",
    sql: "SELECT avg(freight) FROM orders WHERE counts AND region = 'RJ'",
  },
  {
    question: "What is the highest price in the category electronics?",
    sql: "SELECT max(price) FROM sales WHERE counts AND category = 'electronics'",
  },
  { question: "When was the last order?", sql: "SELECT max(purchase_date) FROM orders WHERE counts" },
  {
    question: "How many orders paid by credit card had more than 3 installments?",
    sql: `SELECT count(*) FROM orders WHERE counts AND payment_type = 'credit_card' AND installments > 3`,
  },
  {
    question: "How many orders with a review score below 3 were late?",
    sql: "SELECT count(*) FROM orders WHERE counts AND review_score < 3 AND is_late",
  },
  {
    question: "Which day had the most orders?",
    sql: `SELECT purchase_date, count(*) AS n FROM orders WHERE counts GROUP BY purchase_date
      ORDER BY n DESC, purchase_date LIMIT 1`,
  },
  {
    question: "Average number of items per order by region",
    sql: "SELECT region, sum(quantity) / count(DISTINCT order_id) FROM sales WHERE counts GROUP BY region",
  },
  {
    question: "How many sellers are there in each category?",
    sql: "SELECT category, count(DISTINCT seller_id) FROM sales WHERE counts GROUP BY category",
  },
  {
    question: "What is the stock by category?",
    sql: "SELECT category, sum(stock) FROM products GROUP BY category",
  },
  {
    question: "Which customers spent more than 1500?",
    sql: "SELECT customer_id, spend FROM customers WHERE spend > 1500 ORDER BY spend DESC",
    ordered: true,
  },
  {
    question: "Number of orders by status",
    sql: "SELECT status, count(*) FROM orders GROUP BY status",
  },
  {
    question: "Total amount paid by payment type in Q1 2018",
    sql: `SELECT payment_type, sum(paid) FROM orders WHERE counts AND month BETWEEN '2018-01' AND '2018-03'
      GROUP BY payment_type`,
  },
  {
    question: "What share of customers had more than 3 orders?",
    sql: "SELECT count(*) FILTER (WHERE orders > 3) / count(*) FROM customers",
  },
  {
    question: "Revenue and freight from sellers in RJ outside 'electronics' category",
    sql: `SELECT sum(revenue), sum(freight) FROM sales
      WHERE counts AND seller_region = 'RJ' AND category <> 'electronics'`,
  },
  {
    question: "How many orders are there in the city 'sao paulo' with more than 2 items?",
    sql: "SELECT count(*) FROM orders WHERE counts AND city = 'sao paulo' AND items > 2",
  },
  {
    question: "What was the revenue of the categories health_beauty and toys by payment type?",
    sql: `SELECT payment_type, category, sum(s.revenue) FROM sales AS s JOIN orders AS o USING (order_id)
      WHERE s.counts AND category IN ('health_beauty', 'toys') GROUP BY ALL`,
  },
];
