import { parquetWriteBuffer } from "hyparquet-writer";

/** How many orders arrive. */
export const ORDERS = 200;

/** One raw object on its way. */
export interface RawObject {
  readonly key: string;
  readonly body: Uint8Array;
}

type Cells = Readonly<Record<string, string>>;

const DAY = 86_400_000;
const number = (index: number) => String(index).padStart(3, "0");
const moment = (order: number, days = 0) =>
  new Date(Date.UTC(2024, 0, 1, 9) + order * 2 * DAY + days * DAY)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");

const place = { zip_code_prefix: "01310", city: "Sao Paulo", state: "SP" };
const customers = range(40).map(
  (index): Cells => ({
    customer_id: `c${number(index)}`,
    person_id: `p${number(index)}`,
    ...place,
    state: index % 3 === 0 ? "RJ" : "SP",
  }),
);
const sellers = range(3).map((index): Cells => ({ seller_id: `s${index}`, ...place }));
const products = range(10).map(
  (index): Cells => ({
    product_id: `g${index}`,
    category: ["toys", "books", "garden"][index % 3] ?? "toys",
    price: "10.00",
    unit_cost: "4.00",
  }),
);
const orders = range(ORDERS).map(
  (index): Cells => ({
    order_id: `o${number(index)}`,
    customer_id: `c${number((index * 7) % customers.length)}`,
    status: "delivered",
    purchased_at: moment(index),
    approved_at: moment(index),
    carrier_at: moment(index, 1),
    delivered_at: moment(index, 4),
    estimated_delivery_at: moment(index, index % 5 === 0 ? 3 : 9),
  }),
);
/** One or two lines of each order. */
const items = range(ORDERS).flatMap((index) =>
  range(1 + (index % 2)).map(
    (line): Cells => ({
      order_id: `o${number(index)}`,
      order_item_id: String(line + 1),
      product_id: `g${(index + line) % products.length}`,
      seller_id: `s${index % sellers.length}`,
      shipping_limit_at: moment(index, 2),
      price: "10.00",
      freight_value: "2.50",
    }),
  ),
);
const payments = range(ORDERS).map(
  (index): Cells => ({
    order_id: `o${number(index)}`,
    payment_sequential: "1",
    payment_type: "boleto",
    installments: "1",
    value: index % 2 === 0 ? "12.50" : "25.00",
  }),
);

/** Rows by table: as many as must be curated in the end, since none of them breaks a rule. */
export const expectedRows: Readonly<Record<string, number>> = {
  customers: customers.length,
  sellers: sellers.length,
  products: products.length,
  orders: orders.length,
  order_items: items.length,
  payments: payments.length,
};

/** Everything in small raw objects, in no order that means anything. */
export const rawObjects: readonly RawObject[] = [
  ...objects("customers", customers, 20),
  ...objects("sellers", sellers, 3),
  ...objects("products", products, 10),
  ...objects("orders", orders, 10),
  ...objects("order_items", items, 30),
  ...objects("payments", payments, 40),
];

function objects(table: string, rows: readonly Cells[], size: number): RawObject[] {
  return range(Math.ceil(rows.length / size)).map((part) => {
    const own = rows.slice(part * size, (part + 1) * size);
    const columns = Object.keys(own[0] ?? {});
    const columnData = columns.map((name) => ({
      name,
      data: own.map((row) => row[name] ?? ""),
      type: "STRING" as const,
    }));
    return {
      key: `ecommerce/${table}-raw/year=2025/month=02/day=03/part-${number(part)}.parquet`,
      body: new Uint8Array(parquetWriteBuffer({ columnData })),
    };
  });
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
