import { type Contract, contractFor } from "@penstock/contracts";
import type { Expected, Planted } from "./ledger.ts";
import { type ObjectPlan, type SampleTable, tables } from "./objects.ts";
import type { Form } from "./parquet.ts";
import type { OrderWithParts, Population, Row } from "./population.ts";
import { type Draw, draws } from "./random.ts";

/** Where rows may be put: the objects of a table, all of them or those of one form. */
export interface Place {
  form?: Form;
  /** Only objects other than this one. */
  not?: ObjectPlan;
}

/**
 * The workbench of the planters: they put rows beside those of the population (which stays whole and right)
 * and write down in the ledger what must become of them.
 */
export interface Planting {
  population: Population;
  draw: Draw;
  contract(table: SampleTable): Contract;
  objects: readonly ObjectPlan[];
  /** A raw object of the table, drawn. */
  somewhere(table: SampleTable, place?: Place): ObjectPlan;
  /** The object that holds the row of the population with this index. */
  home(table: SampleTable, index: number): ObjectPlan;
  /** A right row with a key that no other row has, its parents in place. */
  fresh(table: SampleTable): Row;
  /** A right order of its own with its items and payments, not part of the population. */
  freshOrder(): OrderWithParts;
  /** A row of the population that no other planter was given, and its index. */
  existing(table: SampleTable): { row: Row; index: number };
  put(object: ObjectPlan, row: Row): void;
  plant(kind: string, object: { key: string; table: string }, row: Row, expected: Expected): void;
  /** Writes down a version that deduplication drops, so that its sensitive cells are not looked for. */
  drop(table: SampleTable, row: Row): void;
  /** Writes down a card number, digits only, that was written into a text. */
  hide(card: string): void;
  dropped: readonly { table: SampleTable; row: Row }[];
  hidden: readonly string[];
  /** The rows put so far, by the key of their object. */
  rows: ReadonlyMap<string, readonly Row[]>;
  ledger: readonly Planted[];
}

/** Rows made beyond the population have indexes from here on, so that their ids are their own. */
const beyond = 1_000_000_000;

export function startPlanting(
  seed: number,
  population: Population,
  objects: readonly ObjectPlan[],
): Planting {
  const draw = draws(seed, "planting");
  const ledger: Planted[] = [];
  const dropped: { table: SampleTable; row: Row }[] = [];
  const hidden: string[] = [];
  const rows = new Map<string, Row[]>();
  const contracts = new Map(tables.map((table) => [table, contractOf(table)]));
  const contract = (table: SampleTable): Contract => contracts.get(table) ?? contractOf(table);
  const untouched = new Map<SampleTable, number[]>();
  let made = 0;
  const freshOrder = (): OrderWithParts => population.order(beyond + made++);

  return {
    population,
    draw,
    objects,
    ledger,
    rows,
    dropped,
    hidden,
    drop: (table, row) => void dropped.push({ table, row }),
    hide: (card) => void hidden.push(card),
    contract,
    freshOrder,
    somewhere(table, place = {}) {
      const candidates = objectsOf(objects, table).filter(
        (object) => object !== place.not && (place.form === undefined || object.form === place.form),
      );
      const [first, ...rest] = candidates;
      if (first === undefined) throw new Error(`The sample has no object of ${table} that fits the place.`);
      return draw.pick([first, ...rest]);
    },
    home: (table, index) => homeOf(objects, population, table, index),
    fresh(table) {
      const index = beyond + made++;
      switch (table) {
        case "customers":
          return population.customer(index);
        case "sellers":
          return population.seller(index);
        case "products":
          return population.product(index);
        case "orders":
          // Without items there is nothing that a total could equal.
          return { ...population.order(index).order, total_amount: null };
        case "order_items":
          return { ...first(partsOf(population, made).items), order_item_id: 1000 + made };
        case "payments":
          return { ...first(partsOf(population, made).payments), payment_sequential: 1000 + made };
        case "reviews":
          return {
            ...population.review(index),
            order_id: partsOf(population, made).order.order_id ?? null,
          };
        case "inventory":
          return { ...population.stock(made % population.sizes.products), warehouse_id: `X${made}` };
      }
    },
    existing(table) {
      const indexes =
        untouched.get(table) ??
        draw.shuffled(Array.from({ length: countOf(population, table) }, (_, n) => n));
      untouched.set(table, indexes);
      const index = indexes.pop();
      if (index === undefined) throw new Error(`The sample is too small: every row of ${table} is in use.`);
      return { row: rowOf(population, table, index), index };
    },
    put(object, row) {
      const list = rows.get(object.key);
      if (list === undefined) rows.set(object.key, [row]);
      else list.push(row);
    },
    plant(kind, object, row, expected) {
      const table = tables.find((name) => name === object.table);
      const keyColumns = table === undefined ? [] : contract(table).primaryKey;
      const key = Object.fromEntries(keyColumns.map((column) => [column, row[column] ?? null]));
      ledger.push({ kind, table: object.table, object: object.key, key, expected });
    },
  };
}

function contractOf(table: SampleTable): Contract {
  const contract = contractFor(table);
  if (contract === undefined) throw new Error(`There is no contract for ${table}, a table of the sample.`);
  return contract;
}

function first(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("An order of the sample has no parts.");
  return row;
}

function partsOf(population: Population, made: number): OrderWithParts {
  return population.order(made % population.sizes.orders);
}

function rowOf(population: Population, table: SampleTable, index: number): Row {
  switch (table) {
    case "customers":
      return population.customer(index);
    case "sellers":
      return population.seller(index);
    case "products":
      return population.product(index);
    case "orders":
      return population.order(index).order;
    case "order_items":
      return first(population.order(index).items);
    case "payments":
      return first(population.order(index).payments);
    case "reviews":
      return population.review(index);
    case "inventory":
      return population.stock(index);
  }
}

/**
 * How many indexes a table's rows come from. Items and payments come from their orders, whose indexes they
 * share: an object of order items holds the items of a run of orders.
 */
export function countOf(population: Population, table: SampleTable): number {
  const { sizes } = population;
  return table === "order_items" || table === "payments" ? sizes.orders : sizes[table];
}

export function objectsOf(objects: readonly ObjectPlan[], table: SampleTable): ObjectPlan[] {
  return objects.filter((object) => object.table === table).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The indexes of the population that an object holds: the first, and the one after the last. */
export function shareOf(
  objects: readonly ObjectPlan[],
  population: Population,
  object: ObjectPlan,
): { from: number; to: number } {
  const siblings = objectsOf(objects, object.table);
  const place = siblings.indexOf(object);
  const total = countOf(population, object.table);
  const edge = (n: number): number => Math.floor((n * total) / siblings.length);
  return { from: edge(place), to: edge(place + 1) };
}

function homeOf(
  objects: readonly ObjectPlan[],
  population: Population,
  table: SampleTable,
  index: number,
): ObjectPlan {
  const home = objectsOf(objects, table).find((object) => {
    const { from, to } = shareOf(objects, population, object);
    return from <= index && index < to;
  });
  if (home === undefined) throw new Error(`No object of ${table} holds the row ${index}.`);
  return home;
}
