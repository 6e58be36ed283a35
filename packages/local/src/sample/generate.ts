import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { badFiles, type PlantedFile } from "./bad-files.ts";
import { plantBrokenRows } from "./broken-rows.ts";
import { plantDuplicates } from "./duplicates.ts";
import { plantHiddenCards } from "./hidden-cards.ts";
import type { Planted } from "./ledger.ts";
import { type ObjectPlan, planObjects } from "./objects.ts";
import { plantChildrenOfTheLost, plantOrphans } from "./orphans.ts";
import { parquetBytes } from "./parquet.ts";
import { type Planting, shareOf, startPlanting } from "./planting.ts";
import type { Population, Row } from "./population.ts";
import { draws } from "./random.ts";
import { type MaskedCells, type Secrets, secretsAccount } from "./secrets.ts";
import { sizedPopulation } from "./sizes.ts";
import { plantViolations } from "./violations.ts";

/** Fewer rows than this do not hold every kind of defect beside enough right rows. */
export const minimumRows = 1000;

export interface SampleOptions {
  /** Rows over the eight tables, planted ones included; at least `minimumRows`. */
  rows: number;
  seed: number;
  /** The folder that takes the objects, each a file named by its place in the order of uploads. */
  directory: string;
}

/** One raw object of the sample. */
export interface SampleObject {
  key: string;
  /** The table its key names, which for a refused file need not exist. */
  table: string;
  path: string;
  /** Null where the file is to be refused whole. */
  rows: number | null;
  /** How often it is uploaded: twice stands for an event that comes twice. */
  uploads: 1 | 2;
}

export interface Sample {
  /** In the order of uploads. */
  objects: SampleObject[];
  ledger: readonly Planted[];
  masked: MaskedCells[];
  secrets: Secrets;
}

/**
 * The seeded sample: the same rows and seed give the same bytes under the same keys. Writes the objects into
 * a folder; what became of every planted thing can be held against the ledger afterwards.
 */
export async function generateSample({ rows, seed, directory }: SampleOptions): Promise<Sample> {
  const plans = planObjects(seed);
  const planting = plantWithin(seed, rows, plans);
  const account = secretsAccount();
  await mkdir(directory, { recursive: true });

  const objects: Omit<SampleObject, "path">[] = [];
  const pathOf = (key: string): string => join(directory, `${encodeURIComponent(key)}`);
  for (const plan of plans) {
    const { columns } = planting.contract(plan.table);
    const objectRows = draws(seed, plan.key).shuffled(rowsOf(plan, planting));
    for (const row of objectRows) account.count(plan.table, columns, row);
    await writeFile(pathOf(plan.key), parquetBytes(columns, objectRows, plan.form));
    objects.push({ key: plan.key, table: plan.table, rows: objectRows.length, uploads: uploadsOf(plan) });
  }
  const files = badFiles(planting);
  for (const { key, table, bytes, expected } of files) {
    await writeFile(pathOf(key), bytes);
    const rowsInFile = expected.outcome === "accepted" ? expected.rows : null;
    // Anywhere among the others, whose order must stay as planned: kinds of duplicates depend on it.
    objects.splice(draws(seed, key).int(0, objects.length), 0, { key, table, rows: rowsInFile, uploads: 1 });
  }
  account.settle(planting);
  return {
    objects: objects.map((object) => ({ ...object, path: pathOf(object.key) })),
    ledger: [...planting.ledger, ...files.map(plantedFile), ...plans.filter(comesTwice).map(plantedTwice)],
    masked: account.masked(),
    secrets: account.secrets,
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

function uploadsOf(plan: ObjectPlan): 1 | 2 {
  return comesTwice(plan) ? 2 : 1;
}

function plantedTwice({ key, table }: ObjectPlan): Planted {
  const expected = { outcome: "again", executions: 2 } as const;
  return { kind: "events: the same object twice", table, object: key, key: {}, expected };
}

function plantedFile({ kind, table, key, expected }: PlantedFile): Planted {
  return { kind, table, object: key, key: {}, expected };
}
