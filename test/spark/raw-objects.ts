import type { FileColumns, JsonRow } from "../lake/lake-fixture.ts";

/** A raw object that holds what the engines might read differently. */
export interface EdgeObject {
  readonly table: string;
  readonly name: string;
  readonly columns: FileColumns;
  readonly rows: readonly JsonRow[];
}

const CARD = "4111 1111 1111 1111";

function allText(columns: FileColumns): FileColumns {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, "VARCHAR"]));
}

const customers = {
  customer_id: "VARCHAR",
  person_id: "VARCHAR",
  name: "VARCHAR",
  email: "VARCHAR",
  phone: "VARCHAR",
  ssn: "VARCHAR",
  zip_code_prefix: "VARCHAR",
  city: "VARCHAR",
  state: "VARCHAR",
  notes: "VARCHAR",
  created_at: "TIMESTAMP",
  updated_at: "TIMESTAMP",
};
const customer = (id: string | null, more: JsonRow = {}): JsonRow => ({
  customer_id: id,
  person_id: `p-${id}`,
  zip_code_prefix: "01310",
  city: "São Paulo",
  state: "SP",
  created_at: "2025-01-01 08:00:00",
  updated_at: "2025-01-02 08:00:00.123456",
  ...more,
});
const someCustomers: readonly JsonRow[] = [
  customer("c1", { name: "Ann", email: "ann@example.com", phone: "+55 (11) 98888-7777", ssn: "123-45-6789" }),
  customer("c2", { name: `Zoë 😀 ${CARD}`, notes: `paid\nwith 4111-1111–1111 1111 and 378282246310005.` }),
  customer("c3", {
    email: "not an address",
    phone: "4111111111111111",
    ssn: "12",
    notes: "\u0000x\u{10FFFF}",
  }),
  customer("c3", { updated_at: null }),
  customer("c4", { updated_at: null, name: "b" }),
  customer("c4", { updated_at: null, name: "é" }),
  customer("c4", { updated_at: null, name: "Z" }),
  customer("c5", { updated_at: "2025-03-01 00:00:00", city: "first" }),
  customer("c5", { updated_at: "2025-03-01 00:00:00.000001", city: "second" }),
  customer("c5", { updated_at: "2025-03-01 00:00:00.000001", city: "second" }),
  customer("c6", { city: "", state: "sp", zip_code_prefix: CARD }),
  customer("c7", { city: "x".repeat(101), notes: "😀".repeat(20_000) }),
  customer("c8", { notes: "😀".repeat(20_001) }),
  customer("c9\n"),
  customer(`card ${CARD}`),
  customer(null),
  customer("c10", { created_at: "1500-02-28 00:00:00" }),
  customer("c11", { created_at: "1969-12-31 23:59:59.999999" }),
  customer("c12", { created_at: "2099-12-31 23:59:59.999999", updated_at: "2100-01-01 00:00:00" }),
];

const orders = {
  order_id: "VARCHAR",
  customer_id: "VARCHAR",
  status: "VARCHAR",
  purchased_at: "TIMESTAMP",
  approved_at: "TIMESTAMP",
  carrier_at: "TIMESTAMP",
  delivered_at: "TIMESTAMP",
  estimated_delivery_at: "TIMESTAMP",
  total_amount: "DOUBLE",
  notes: "VARCHAR",
  updated_at: "TIMESTAMP",
};
const order = (id: string | null, customerId: string | null, more: JsonRow = {}): JsonRow => ({
  order_id: id,
  customer_id: customerId,
  status: "created",
  purchased_at: "2025-01-01 08:00:00",
  estimated_delivery_at: "2025-02-01 00:00:00",
  updated_at: "2025-01-02 08:00:00",
  ...more,
});
const someOrders: readonly JsonRow[] = [
  order("o1", "c1", { total_amount: 12.34 }),
  order("o2", "c99", { total_amount: 0.1, notes: `call ${CARD}` }),
  order("o3", null),
  order("o4", "c1", { total_amount: "NaN" }),
  order("o5", "c1", { total_amount: "Infinity" }),
  order("o6", "c1", { total_amount: 1.005 }),
  order("o7", "c1", { total_amount: -0.01 }),
  order("o8", "c1", { total_amount: 9999999999.99 }),
  order("o9", "c1", { total_amount: 1e13 }),
  order("o10", "c2", { total_amount: 4111111111111111 }),
  order("o11", "c2", { approved_at: "2025-01-01 07:59:59.999999" }),
  order("o12", "c2", { carrier_at: "2025-01-03 00:00:00", delivered_at: "2025-01-02 00:00:00" }),
  order("o13", "c2", { status: "Created", notes: "4111111111111111" }),
  order("o14", "c2", { total_amount: -0.0, updated_at: "2025-01-05 00:00:00" }),
  order("o14", "c98", { total_amount: 5, updated_at: "2025-01-04 00:00:00" }),
  order("o15", "c98", { updated_at: null }),
  order("o15", "c2", { updated_at: "2025-01-05 00:00:00.5" }),
];

const textOrders: readonly JsonRow[] = [
  order("o1", "c1", { total_amount: "12.34", purchased_at: "2025-01-01T08:00:00Z" }),
  order("o2", "c1", { total_amount: "1.5e2", purchased_at: "2025-01-01T08:00:00.5+00:00" }),
  order("o3", "c1", { total_amount: " 1", purchased_at: "2025-01-01" }),
  order("o4", "c1", { total_amount: "1,5", purchased_at: "2025-02-29 00:00:00" }),
  order("o5", "c1", { total_amount: "1d", purchased_at: "2025-01-01 08:00:00+01:00" }),
  order("o6", "c1", { total_amount: "NaN", purchased_at: "2024-02-29T23:59:59.999999" }),
  order("o7", "c1", { total_amount: "", purchased_at: "" }),
  order("o8", "c1", { total_amount: "123456789012345678901234567890", purchased_at: "0000-01-01" }),
  order("o9", "c1", { total_amount: "1.10\n", purchased_at: "9999-12-31 23:59:59.999999" }),
  order("o10", "c97", { total_amount: "0.30", purchased_at: "2025-01-01 08:00:00.1" }),
  order("o11", "c97", { total_amount: "-0", purchased_at: "2025-01-01 08:00:00.1234567" }),
  order("o12", "c97", { total_amount: "4111111111111111", purchased_at: CARD }),
  order("o13", "c1", { total_amount: "1.2.3", purchased_at: "2025-1-1" }),
  order("o13", "c1", { total_amount: "7.00", updated_at: "2025-06-01" }),
  order("o13", "c1", { total_amount: "8.00", updated_at: "2025-06-01T00:00:00.000001" }),
];

const payments = {
  order_id: "VARCHAR",
  payment_sequential: "BIGINT",
  payment_type: "VARCHAR",
  installments: "DOUBLE",
  value: "DECIMAL(18,4)",
  card_number: "VARCHAR",
  cvv: "VARCHAR",
  updated_at: "TIMESTAMP",
};
const payment = (orderId: string, number: number | string, more: JsonRow = {}): JsonRow => ({
  order_id: orderId,
  payment_sequential: number,
  payment_type: "credit_card",
  installments: 1,
  value: "10.50",
  card_number: "4111111111111111",
  cvv: "123",
  ...more,
});
const somePayments: readonly JsonRow[] = [
  payment("o1", 1),
  payment("o1", 2, { card_number: CARD, cvv: null }),
  payment("o1", 3, { card_number: "************1111" }),
  payment("o1", 4, { card_number: "unknown", value: "0.001" }),
  payment("o1", 5, { value: "-1", cvv: "12" }),
  payment("o1", 6, { installments: 1.5 }),
  payment("o1", 7, { installments: "9007199254740993" }),
  payment("o1", 8, { installments: "NaN", payment_type: "gold" }),
  payment("o77", 1, { value: "99999999999.99" }),
  payment("o1", -1),
  payment("o1", 1, { updated_at: "2025-01-09 00:00:00", value: "11" }),
];
const textPayments: readonly JsonRow[] = [
  ...somePayments.map((row) => ({ ...row, installments: String(row.installments) })),
  payment("o1", "1.0"),
  payment("o1", "10", { installments: "1e0", value: "10.505" }),
  payment("o1", "9007199254740992"),
  payment("o1", "99999999999999999999"),
  payment("o1", "one"),
];

const inventory = {
  product_id: "VARCHAR",
  warehouse_id: "VARCHAR",
  quantity: "INTEGER",
  reorder_level: "SMALLINT",
  updated_at: "TIMESTAMP_NS",
};

/** Typed and all-text forms, with broken rows, duplicates, orphans, cards, NaN and NULL; parents before children. */
export const edgeObjects: readonly EdgeObject[] = [
  { table: "customers", name: "typed", columns: customers, rows: someCustomers },
  { table: "customers", name: "text", columns: allText(customers), rows: someCustomers },
  { table: "orders", name: "typed", columns: orders, rows: someOrders },
  { table: "orders", name: "text", columns: allText(orders), rows: textOrders },
  { table: "orders", name: "empty", columns: orders, rows: [] },
  { table: "payments", name: "typed {a,b} [1]*", columns: payments, rows: somePayments },
  { table: "payments", name: "text", columns: allText(payments), rows: textPayments },
  {
    table: "inventory",
    name: "nanoseconds",
    columns: inventory,
    rows: [
      {
        product_id: "p1",
        warehouse_id: "w1",
        quantity: 4,
        reorder_level: 1,
        updated_at: "2025-01-01 08:00:00.123456789",
      },
      { product_id: "p2", warehouse_id: "w1", quantity: 4, updated_at: null },
    ],
  },
  {
    table: "customers",
    name: "zoned",
    columns: { ...customers, created_at: "TIMESTAMPTZ", updated_at: "TIMESTAMP_MS" },
    rows: [customer("z1", { created_at: "2025-01-01 08:00:00+02" }), customer("z2", { created_at: null })],
  },
];
