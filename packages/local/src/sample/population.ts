import { categoryOf, closing, homeOf, opening, priceOf, productFor, purchaseOf } from "./behaviour.ts";
import { type Draw, draws, identifier } from "./random.ts";
import { cardNumber, person, phone, place, productName, sentence, socialSecurityNumber } from "./shapes.ts";

/** A value of a row before it is written: a moment is a number of milliseconds since 1970, UTC. */
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** How many whole and right rows of each table the sample has before anything is planted in it. */
export interface Sizes {
  customers: number;
  sellers: number;
  products: number;
  orders: number;
  reviews: number;
  inventory: number;
}

/** An order with the rows that hang on it; their sums agree to the cent. */
export interface OrderWithParts {
  order: Row;
  items: Row[];
  payments: Row[];
}

/**
 * A shop in which nothing is wrong: every parent exists, every sum agrees, every moment is in order. Any row
 * is made from its index alone, so that a defect can be planted on a copy of it, and only one object's rows
 * are ever in memory.
 */
export interface Population {
  sizes: Sizes;
  customer(index: number): Row;
  seller(index: number): Row;
  product(index: number): Row;
  order(index: number): OrderWithParts;
  review(index: number): Row;
  stock(index: number): Row;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const statuses = [
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "shipped",
  "approved",
  "created",
  "canceled",
] as const;

export function population(seed: number, sizes: Sizes): Population {
  const id = (table: string, index: number): string => identifier(seed, table, index);
  return {
    sizes,
    customer: (index) => customer(draws(seed, "customer", index), index, seed, id),
    seller: (index) => seller(draws(seed, "seller", index), index, id),
    product: (index) => product(draws(seed, "product", index), index, seed, id),
    order: (index) => order(draws(seed, "order", index), index, sizes, seed, id),
    review(index) {
      const reviewed = Math.floor((index * sizes.orders) / sizes.reviews);
      return review(draws(seed, "review", index), id("review", index), id("order", reviewed));
    },
    stock(index) {
      const warehouse = Math.floor(index / sizes.products) + 1;
      const draw = draws(seed, "stock", index);
      return {
        product_id: id("product", index % sizes.products),
        warehouse_id: `W${String(warehouse).padStart(2, "0")}`,
        quantity: draw.int(0, 500),
        reorder_level: draw.int(0, 50),
        updated_at: moment(draw, opening, closing),
      };
    },
  };
}

type Identify = (table: string, index: number) => string;

function moment(draw: Draw, from: number, to: number): number {
  return from + draw.int(0, Math.floor((to - from) / 1000)) * 1000;
}

/** Euro cents to the number with two decimals that stands in a row. */
function money(cents: number): number {
  return cents / 100;
}

function customer(draw: Draw, index: number, seed: number, id: Identify): Row {
  const { name, email } = person(draw, index);
  const { city, state, zip } = homeOf(seed, index);
  const created = moment(draw, opening - 365 * day, opening);
  return {
    customer_id: id("customer", index),
    // One in twenty is a person who has registered before.
    person_id: id("person", index > 0 && draw.chance(0.05) ? index - 1 : index),
    name,
    email,
    phone: draw.chance(0.9) ? phone(draw) : null,
    ssn: draw.chance(0.6) ? socialSecurityNumber(draw) : null,
    zip_code_prefix: zip,
    city,
    state,
    notes: draw.chance(0.15) ? sentence(draw) : null,
    created_at: created,
    updated_at: moment(draw, created, closing),
  };
}

function seller(draw: Draw, index: number, id: Identify): Row {
  const { name, email } = person(draw, index);
  const { city, state, zip } = place(draw);
  return {
    seller_id: id("seller", index),
    name: `${name} & Co`,
    email,
    phone: phone(draw),
    zip_code_prefix: zip,
    city,
    state,
    updated_at: moment(draw, opening, closing),
  };
}

function product(draw: Draw, index: number, seed: number, id: Identify): Row {
  const name = productName(draw);
  const description = draw.chance(0.8) ? sentence(draw) : null;
  const price = priceOf(seed, index);
  return {
    product_id: id("product", index),
    category: categoryOf(seed, index),
    name,
    description,
    brand: draw.chance(0.9) ? draw.pick(["Northwind", "Contoso", "Fabrikam", "Tailspin"]) : null,
    price: money(price),
    unit_cost: draw.chance(0.85) ? money(Math.round(price * 0.6)) : null,
    is_active: draw.chance(0.95),
    name_length: name.length,
    description_length: description === null ? null : description.length,
    photos_count: draw.int(0, 8),
    weight_g: draw.int(50, 20_000),
    length_cm: draw.int(5, 100),
    height_cm: draw.int(2, 80),
    width_cm: draw.int(5, 90),
    updated_at: moment(draw, opening, closing),
  };
}

function order(draw: Draw, index: number, sizes: Sizes, seed: number, id: Identify): OrderWithParts {
  const orderId = id("order", index);
  const { customer: buyer, at: purchased, rushed } = purchaseOf(seed, index, sizes.customers);
  const status = draw.pick(statuses);
  const reached = { created: 0, canceled: 0, approved: 1, shipped: 2, delivered: 3 }[status];
  const approved = purchased + draw.int(1, 600) * minute;
  const handedOver = approved + draw.int(60, 5000) * minute;
  const delivered = handedOver + draw.int(600, 20_000) * minute;
  const changed = [purchased, approved, handedOver, delivered][reached] ?? purchased;
  const { state } = homeOf(seed, buyer);
  const products = (line: number): number =>
    productFor(seed, sizes.products, { order: index, line, at: purchased, region: state });
  const pieces = (): number => (rushed ? draw.int(5, 12) : draw.pick([1, 1, 1, 2, 3]));
  const price = (product: number): number =>
    Math.max(100, Math.round((priceOf(seed, product) * draw.int(85, 105)) / 100));
  const items = orderItems(draw, { orderId, approved, changed, products, pieces, price }, sizes, id);
  const total = items.reduce((sum, item) => sum + item.cents, 0);
  return {
    order: {
      order_id: orderId,
      customer_id: id("customer", buyer),
      status,
      purchased_at: purchased,
      approved_at: reached >= 1 ? approved : null,
      carrier_at: reached >= 2 ? handedOver : null,
      delivered_at: reached >= 3 ? delivered : null,
      estimated_delivery_at: Math.floor(purchased / day) * day + draw.int(10, 40) * day,
      total_amount: money(total),
      notes: draw.chance(0.1) ? sentence(draw) : null,
      updated_at: changed,
    },
    items: items.map((item) => item.row),
    payments: orderPayments(draw, orderId, total, purchased),
  };
}

/** What an order's lines are made from. */
interface Basket {
  orderId: string;
  approved: number;
  changed: number;
  /** The index of the product in a line. */
  products(line: number): number;
  pieces(): number;
  /** What a product costs there and then, in cents. */
  price(product: number): number;
}

/** Seven orders in ten have one item; each line's cents are its price times its quantity, plus freight. */
function orderItems(
  draw: Draw,
  { orderId, approved, changed, products, pieces, price: priceOfPiece }: Basket,
  sizes: Sizes,
  id: Identify,
): { row: Row; cents: number }[] {
  const count = draw.pick([1, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
  return Array.from({ length: count }, (_, n) => {
    const product = products(n);
    const [price, freight, quantity] = [priceOfPiece(product), draw.int(0, 4000), pieces()];
    const row: Row = {
      order_id: orderId,
      order_item_id: n + 1,
      product_id: id("product", product),
      seller_id: id("seller", draw.int(0, sizes.sellers - 1)),
      shipping_limit_at: approved + 3 * day,
      price: money(price),
      freight_value: money(freight),
      quantity,
      updated_at: changed,
    };
    return { row, cents: price * quantity + freight };
  });
}

/** One payment, or a voucher and the rest; cards carry their number and code, as such exports wrongly do. */
function orderPayments(draw: Draw, orderId: string, total: number, paid: number): Row[] {
  const voucher = draw.chance(0.05) ? Math.floor(total / 4) : 0;
  const type = draw.pick(["credit_card", "credit_card", "credit_card", "debit_card", "boleto"]);
  const parts: [string, number][] = [[type, total - voucher]];
  if (voucher > 0) parts.push(["voucher", voucher]);
  return parts.map(([payment_type, cents], n) => {
    const card = payment_type.endsWith("_card");
    return {
      order_id: orderId,
      payment_sequential: n + 1,
      payment_type,
      installments: payment_type === "credit_card" ? draw.int(1, 12) : 1,
      value: money(cents),
      card_number: card ? cardNumber(draw) : null,
      cvv: card ? draw.digits(3) : null,
      updated_at: paid,
    };
  });
}

function review(draw: Draw, reviewId: string, orderId: string): Row {
  const created = moment(draw, opening + 60 * day, closing - 10 * day);
  return {
    review_id: reviewId,
    order_id: orderId,
    score: draw.pick([1, 2, 3, 3, 4, 4, 4, 5, 5, 5]),
    title: draw.chance(0.4) ? draw.pick(["Great", "As described", "Not what I expected", "Ótimo"]) : null,
    message: draw.chance(0.6) ? sentence(draw) : null,
    created_at: created,
    answered_at: created + draw.int(60, 5000) * minute,
  };
}
