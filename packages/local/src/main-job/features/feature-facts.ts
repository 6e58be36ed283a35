import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FeatureGroup, FeaturesProfile, ValidationReport } from "@penstock/contracts";
import { type DuckSession, openSession, type Row } from "@penstock/runtime";
import type { Run } from "../run.ts";
import type { FeatureRun } from "./feature-run.ts";
import { viewObjects } from "./view-objects.ts";

/** A product with what its features say of it. */
export interface ProductFacts {
  /** Name and category where the catalogue tells them, else the id. */
  readonly name: string;
  /** Views a day since its creation. */
  readonly popularity: number | null;
  /** Purchases per view. */
  readonly conversion: number | null;
  /** Views a day in the last days per views a day before them. */
  readonly trending: number | null;
}

/** A run as the page tells of it. */
export interface ToldRun {
  readonly run_id: string;
  /** The midnight that its features are of. */
  readonly as_of: string;
  /** When it looked at the raw objects: of two that saw a day, the later one is right. */
  readonly planned_at: string;
  /** What it read, day by day. */
  readonly days: ValidationReport["days"];
  /** How many users, products and interactions have features. */
  readonly rows: Readonly<Record<FeatureGroup, number>>;
  readonly profile: Pick<FeaturesProfile, "baseline" | "groups">;
  readonly drifted: readonly string[];
  readonly absent: readonly string[];
}

/** What a person wants to see of the features of some runs. */
export interface FeatureFacts {
  /** In the order of their days; the weekly run may come before or after the others. */
  readonly daily: readonly ToldRun[];
  readonly weekly: ToldRun;
  /** Interactions of each user in the weekly run, sorted. */
  readonly interactions: readonly number[];
  /** The most viewed products of the weekly run, the first first. */
  readonly popular: readonly ProductFacts[];
  /** The products whose views grow most, of the latest run that can tell: one with views of before the last days. */
  readonly trending: readonly ProductFacts[];
}

/** Products in each list. */
const MOST = 10;

/** Reads what runs wrote, as anyone would who has their manifests. */
export async function readFeatureFacts(
  run: Pick<Run, "store" | "workDirectory">,
  daily: readonly FeatureRun[],
  weekly: FeatureRun,
): Promise<FeatureFacts> {
  const folder = await mkdtemp(join(run.workDirectory, "facts-"));
  try {
    await using session = await openSession({
      memoryMb: 512,
      threads: 2,
      tempDirectory: join(folder, "spill"),
    });
    const places = { store: run.store, session, folder };
    const features = (name: FeatureGroup, of: FeatureRun) =>
      viewObjects(name, of.manifest.features[name].objects, places);
    await features("user", weekly);
    const counts = await session.rows("SELECT total_interactions AS n FROM user ORDER BY n");
    await viewObjects("catalogue", weekly.manifest.lineage.catalogues.products.objects, places);
    await features("item", weekly);
    const popular = await products(session, "popularity_score");
    const latest = [weekly, ...daily].toSorted((a, b) => (asOf(a) < asOf(b) ? -1 : 1)).at(-1) ?? weekly;
    await features("item", latest);
    const trending = await products(session, "trending_score");
    return {
      daily: daily.map(told),
      weekly: told(weekly),
      interactions: counts.map(({ n }) => Number(n)),
      popular,
      trending,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function told({ run_id, report, manifest, profile, drifted, absent }: FeatureRun): ToldRun {
  const { as_of, planned_at, user, item, interaction } = manifest.features;
  const rows = { user: user.rows, item: item.rows, interaction: interaction.rows };
  return { run_id, as_of, planned_at, days: report.days, rows, profile, drifted, absent };
}

const asOf = ({ manifest }: FeatureRun): string => manifest.features.as_of;

/** Products by a feature, the greatest first. */
async function products(
  session: DuckSession,
  by: "popularity_score" | "trending_score",
): Promise<ProductFacts[]> {
  const found = await session.rows(`
    SELECT coalesce(any_value(c.name), item.product_id) AS name, any_value(c.category) AS category,
      any_value(popularity_score) AS popularity, any_value(conversion_rate) AS conversion,
      any_value(trending_score) AS trending
    FROM item LEFT JOIN catalogue c USING (product_id)
    WHERE ${by} IS NOT NULL
    GROUP BY item.product_id ORDER BY any_value(${by}) DESC, item.product_id LIMIT ${MOST}`);
  return found.map((row) => ({
    name: typeof row.category === "string" ? `${row.name} (${row.category})` : String(row.name),
    popularity: numberOf(row, "popularity"),
    conversion: numberOf(row, "conversion"),
    trending: numberOf(row, "trending"),
  }));
}

function numberOf(row: Row, name: string): number | null {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
}
