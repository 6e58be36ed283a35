import type { Form } from "./parquet.ts";
import { draws } from "./random.ts";

/** The tables of the sample, parents before children, with the objects each is split into. */
export const tables = [
  "customers",
  "sellers",
  "products",
  "orders",
  "order_items",
  "payments",
  "reviews",
  "inventory",
] as const;
export type SampleTable = (typeof tables)[number];

/** An object costs an execution of about a second whatever its rows, so there are enough to arrive in disorder, no more. */
const objectsOf: Readonly<Record<SampleTable, number>> = {
  customers: 3,
  sellers: 2,
  products: 3,
  orders: 4,
  order_items: 5,
  payments: 4,
  reviews: 3,
  inventory: 2,
};

/** An object of rows before it is made. `order` is its place in the order of uploads, all files counted. */
export interface ObjectPlan {
  key: string;
  table: SampleTable;
  form: Form;
  order: number;
}

/** File names as people give them: spaces, letters beyond ASCII, and the signs that URLs treat specially. */
const fileNames = ["part", "export são paulo", "Überträge (neu)", "50% off + more", "données #2"] as const;

/**
 * The objects of the sample in the order in which they are uploaded: random, so that children arrive before
 * their parents and older versions after newer ones. The first object of each table has amounts as DOUBLE, the last
 * one is text throughout.
 */
export function planObjects(seed: number): ObjectPlan[] {
  const plans = tables.flatMap((table) =>
    Array.from({ length: objectsOf[table] }, (_, n) => ({
      key: rawKey(table, n + 1, fileNames[n % fileNames.length] ?? "part"),
      table,
      form: formOf(n, objectsOf[table]),
    })),
  );
  return draws(seed, "upload order")
    .shuffled(plans)
    .map((plan, order) => ({ ...plan, order }));
}

function formOf(n: number, count: number): Form {
  if (n === 0) return "double";
  return n === count - 1 ? "text" : "typed";
}

/** `ecommerce/<directory>-raw/year=…/month=…/day=…/<name> NN.parquet`; `day` is a day of January 2025. */
export function rawKey(directory: string, day: number, name: string): string {
  const two = String(day).padStart(2, "0");
  return `ecommerce/${directory}-raw/year=2025/month=01/day=${two}/${name} ${two}.parquet`;
}
