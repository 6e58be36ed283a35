import {
  type CleanCatalogue,
  CleanSnapshot,
  cleanGlueTable,
  cleanPrefix,
  cleanTables,
  type FeatureGroup,
  type FeaturePlan,
  FeaturesManifest,
  snapshotKey,
} from "@penstock/contracts";
import { ContractViolation, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { checkCleaning } from "./check-cleaning.ts";
import { CleanResult } from "./clean-result.ts";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { firstFeatureDay } from "./feature-days.ts";
import { tryPrefix } from "./feature-objects.ts";
import { featureStatement, splitStatement } from "./feature-queries.ts";
import type { FeaturesPorts } from "./ports.ts";
import { readPlan } from "./read-plan.ts";
import type { CatalogueCandidateInput } from "./task-inputs.ts";
import { splitPrefix } from "./write-training.ts";

export interface CandidatePorts extends Pick<FeaturesPorts, "store" | "settings"> {
  readonly catalogue: FeatureCatalogue;
}

/** What is to be computed over the clean rows, for the state machine. */
export interface Candidate {
  readonly snapshot: string;
  /** Clean interactions of the run's days. */
  readonly rows: number;
  /** Rows that cleaning left out, by the reason. */
  readonly removed: Readonly<Record<string, number>>;
  /** What is unusual about that, for people; none when nothing is. */
  readonly alerts: readonly string[];
  /** Statements for Athena with `{try}` in their destination; `split` is there where the run is for training. */
  readonly queries: Readonly<Record<FeatureGroup, string>> & { readonly split?: string };
}

/** The folder of a query's try is named by the state machine. */
const TRY = "{try}";

/**
 * Registers all clean days as one snapshot under the attempt's name: those that this attempt cleaned, and of all others
 * the ones that are current. Rows stay where they are. Readers of what is current see none of it.
 */
export async function catalogueCandidate(
  { plan: uri, result }: CatalogueCandidateInput,
  { store, settings, catalogue }: CandidatePorts,
): Promise<Candidate> {
  const plan = await readPlan(store, uri);
  const parsed = v.safeParse(CleanResult, await store.getJson(result));
  if (!parsed.success) throw new ContractViolation(`${result} does not have the shape of cleaning's answers`);
  const clean = parsed.output;
  const snapshot = snapshotOf(plan, clean, await baseSnapshot(plan, store));
  const { attempt, mode, to } = plan;
  await registerSnapshot(attempt, snapshot, { catalogue, bucket: settings.features });
  await store.putJson(s3Uri(settings.features, snapshotKey(attempt)), snapshot);
  const first = firstFeatureDay(plan);
  const rows = Object.entries(snapshot.days)
    .filter(([day]) => day >= first && day <= to)
    .reduce((sum, [, one]) => sum + one.rows, 0);
  const window = { from: first, to };
  const { database, features: bucket } = settings;
  const query = (group: FeatureGroup) =>
    featureStatement(group, window, {
      rows: { database, snapshot: attempt },
      to: tryPrefix(bucket, group, { to, attempt, tried: TRY }),
    });
  const queries = { user: query("user"), item: query("item"), interaction: query("interaction") };
  const place = { database, attempt, date: to };
  const split = mode === "weekly" ? { split: splitStatement(place, splitPrefix(bucket, attempt, TRY)) } : {};
  const removed = Object.fromEntries(clean.removed.map(({ reason, rows: n }) => [reason, n]));
  const alerts = await checkCleaning(plan, clean, { store, settings });
  return { snapshot: attempt, rows, removed, alerts, queries: { ...queries, ...split } };
}

async function baseSnapshot(
  { base }: FeaturePlan,
  store: FeaturesPorts["store"],
): Promise<CleanSnapshot | null> {
  if (base === null) return null;
  return v.parse(FeaturesManifest, await store.getJson(base.manifest)).snapshot;
}

/** Of each day the newer look at its raw objects. */
export function mergedDays(base: CleanSnapshot["days"], own: CleanSnapshot["days"]): CleanSnapshot["days"] {
  const merged = { ...base };
  for (const [day, one] of Object.entries(own)) {
    const there = merged[day];
    if (there === undefined || Date.parse(there.planned_at) <= Date.parse(one.planned_at)) merged[day] = one;
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function snapshotOf(plan: FeaturePlan, clean: CleanResult, base: CleanSnapshot | null): CleanSnapshot {
  const { attempt, started_at: planned_at, clean_from, to } = plan;
  const rows = new Map<string, number>();
  for (const { partition, rows: n } of clean.interactions) {
    const day = /^day=(\d{4}-\d{2}-\d{2})$/.exec(partition)?.[1];
    if (day === undefined || day < clean_from || day > to)
      throw new ContractViolation(`cleaning wrote "${partition}", no day from ${clean_from} to ${to}`);
    rows.set(day, (rows.get(day) ?? 0) + n);
  }
  const own = plan.days
    .filter(({ day }) => day >= clean_from && day <= to)
    .map(({ day, digest }) => [day, { attempt, rows: rows.get(day) ?? 0, digest, planned_at }] as const);
  const [catalogues] = clean.catalogues;
  const catalogueOf = (name: "products" | "users"): CleanCatalogue => ({
    attempt,
    rows: catalogues[name],
    date:
      plan.catalogue[name]
        .map(({ date }) => date)
        .toSorted()
        .at(-1) ?? null,
    planned_at,
  });
  return v.parse(CleanSnapshot, {
    days: mergedDays(base?.days ?? {}, Object.fromEntries(own)),
    products: catalogueOf("products"),
    users: catalogueOf("users"),
  });
}

/** A partition of each table for the attempt; a day without rows has none. */
export async function registerSnapshot(
  attempt: string,
  { days, products, users }: CleanSnapshot,
  { catalogue, bucket }: { readonly catalogue: FeatureCatalogue; readonly bucket: string },
): Promise<void> {
  const place = (name: "interactions" | "products" | "users", of: string, below = "") =>
    s3Uri(bucket, `${cleanPrefix(of)}${name}/${below}`);
  const table = (name: "interactions" | "products" | "users") => cleanGlueTable(cleanTables[name]).name;
  await Promise.all([
    catalogue.register(
      table("interactions"),
      Object.entries(days)
        .filter(([, { rows }]) => rows > 0)
        .map(([day, one]) => ({
          values: [attempt, day],
          location: place("interactions", one.attempt, `day=${day}/`),
        })),
    ),
    catalogue.register(table("products"), [
      { values: [attempt], location: place("products", products.attempt) },
    ]),
    catalogue.register(table("users"), [{ values: [attempt], location: place("users", users.attempt) }]),
  ]);
}
