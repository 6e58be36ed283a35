import type { Shop } from "../interactions/clickstream.ts";
import { badFiles, type PlantedFile } from "./bad-files.ts";
import { plantBrokenRows } from "./broken-rows.ts";
import { plantDuplicates } from "./duplicates.ts";
import { plantHiddenCards } from "./hidden-cards.ts";
import type { Planted } from "./ledger.ts";
import { minimumRows } from "./minimum-rows.ts";
import { type ObjectPlan, planObjects } from "./objects.ts";
import { plantChildrenOfTheLost, plantOrphans } from "./orphans.ts";
import { parquetBytes } from "./parquet.ts";
import { type Planting, shareOf, startPlanting } from "./planting.ts";
import type { Population, Row } from "./population.ts";
import { draws } from "./random.ts";
import { type MaskedCells, type Secrets, secretsAccount } from "./secrets.ts";
import { sizedPopulation } from "./sizes.ts";
import { plantViolations } from "./violations.ts";

export interface SampleOptions {
  /** Rows over the eight tables, planted ones included; at least `minimumRows`. */
  rows: number;
  seed: number;
}

/** One raw object of the sample, made when it is wanted. */
export interface SampleFile {
  key: string;
  /** The table its key names, which for a refused file need not exist. */
  table: string;
  /** How often it is uploaded: twice stands for an event that comes twice. */
  uploads: 1 | 2;
  /** Makes the bytes, once: its rows and secrets are then counted in the sample. */
  make(): Uint8Array;
}

export interface Sample {
  /** In the order of uploads. */
  files: readonly SampleFile[];
  ledger: readonly Planted[];
  /** Rows by table of the files made so far, those to be refused whole left out. */
  rows: ReadonlyMap<string, number>;
  /** Sensitive cells of the files made so far. */
  masked(): MaskedCells[];
  /** Sensitive values of the files made so far. */
  secrets: Secrets;
  /** Its people and its products, for what they do beside ordering. */
  shop: Shop;
}

/**
 * The seeded sample: the same rows and seed give the same bytes under the same keys. What is planted is settled
 * here and written down in the ledger; the files follow one by one, so that the first can go up while the others
 * are made.
 */
export function planSample({ rows, seed }: SampleOptions): Sample {
  const plans = planObjects(seed);
  const planting = plantWithin(seed, rows, plans);
  const account = secretsAccount(planting);
  const made = new Map<string, number>();
  const add = (table: string, count: number): void => void made.set(table, (made.get(table) ?? 0) + count);

  const files: SampleFile[] = plans.map((plan) => ({
    key: plan.key,
    table: plan.table,
    uploads: comesTwice(plan) ? 2 : 1,
    make() {
      const { columns } = planting.contract(plan.table);
      const objectRows = draws(seed, plan.key).shuffled(rowsOf(plan, planting));
      for (const row of objectRows) account.count(plan.table, columns, row);
      add(plan.table, objectRows.length);
      return parquetBytes(columns, objectRows, plan.form);
    },
  }));
  const bad = badFiles(planting);
  for (const { key, table, bytes } of bad) {
    // Anywhere among the others, whose order must stay as planned: kinds of duplicates depend on it.
    files.splice(draws(seed, key).int(0, files.length), 0, { key, table, uploads: 1, make: () => bytes });
  }
  return {
    files,
    ledger: [...planting.ledger, ...bad.map(plantedFile), ...plans.filter(comesTwice).map(plantedTwice)],
    rows: made,
    masked: account.masked,
    secrets: account.secrets,
    shop: shopOf(planting.population),
  };
}

/**
 * Plants everything in a population sized so that both together have `rows` rows. How many rows are planted
 * does not depend on the size of the population, so a first planting is made to count them.
 */
function plantWithin(seed: number, rows: number, plans: readonly ObjectPlan[]): Planting {
  const copies = Math.min(20, Math.max(1, Math.floor(rows / 50_000)));
  const draft = plantEverything(startPlanting(seed, sizedPopulation(seed, minimumRows), plans), copies);
  const extra = [...draft.rows.values()].reduce((sum, list) => sum + list.length, 0);
  return plantEverything(startPlanting(seed, sizedPopulation(seed, rows - extra), plans), copies);
}

function shopOf({ sizes, customer, product }: Population): Shop {
  const people = Array.from({ length: sizes.customers }, (_, index) => String(customer(index).person_id));
  return {
    users: [...new Set(people)],
    products: Array.from({ length: sizes.products }, (_, index) => {
      const { product_id, category } = product(index);
      return { product_id: String(product_id), category: category === null ? "" : String(category) };
    }),
  };
}

/** Every kind of defect, `copies` times. */
function plantEverything(planting: Planting, copies: number): Planting {
  plantBrokenRows(planting, copies);
  plantDuplicates(planting, copies);
  plantOrphans(planting, copies);
  plantChildrenOfTheLost(planting, copies);
  plantHiddenCards(planting, copies);
  plantViolations(planting, copies);
  return planting;
}

/** The rows of an object: its share of the population, and what was planted in it. */
function rowsOf(plan: ObjectPlan, planting: Planting): Row[] {
  const { from, to } = shareOf(planting.objects, planting.population, plan);
  const own = Array.from({ length: to - from }, (_, n) =>
    populationRows(planting.population, plan, from + n),
  );
  return [...own.flat(), ...(planting.rows.get(plan.key) ?? [])];
}

function populationRows(population: Population, { table }: ObjectPlan, index: number): Row[] {
  switch (table) {
    case "customers":
      return [population.customer(index)];
    case "sellers":
      return [population.seller(index)];
    case "products":
      return [population.product(index)];
    case "orders":
      return [population.order(index).order];
    case "order_items":
      return population.order(index).items;
    case "payments":
      return population.order(index).payments;
    case "reviews":
      return [population.review(index)];
    case "inventory":
      return [population.stock(index)];
  }
}

function comesTwice(plan: ObjectPlan): boolean {
  return plan.order % 16 === 0;
}

function plantedTwice({ key, table }: ObjectPlan): Planted {
  const expected = { outcome: "again", executions: 2 } as const;
  return { kind: "events: the same object twice", table, object: key, key: {}, expected };
}

function plantedFile({ kind, table, key, expected }: PlantedFile): Planted {
  return { kind, table, object: key, key: {}, expected };
}
