import {
  type CleanCatalogue,
  type CleanDay,
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
import { tryPrefix } from "./feature-objects.ts";
import { featureStatement, splitStatement } from "./feature-queries.ts";
import type { FeaturesPorts } from "./ports.ts";
import { readPlan } from "./read-plan.ts";
import { lookBackOf } from "./stale-days.ts";
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
  const snapshot = snapshotOf(plan, clean, {
    base: await baseSnapshot(plan, store),
    lookBackDays: settings.lookBackDays,
  });
  const { attempt, mode, to, clean_from, clean_to } = plan;
  await registerSnapshot(attempt, snapshot, { catalogue, bucket: settings.features });
  await store.putJson(s3Uri(settings.features, snapshotKey(attempt)), snapshot);
  const rows = cleanRows(snapshot, { from: clean_from, to: clean_to });
  const { database, features: bucket } = settings;
  const query = (group: FeatureGroup) =>
    featureStatement(
      group,
      // Users and products are told as of the run's last day, interactions each as of itself.
      { from: clean_from, to: group === "interaction" ? clean_to : to },
      {
        rows: { database, snapshot: attempt },
        to: tryPrefix(bucket, group, { to, attempt, tried: TRY }),
      },
    );
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

/** Clean interactions of the days from one to another. */
export function cleanRows(
  { days }: Pick<CleanSnapshot, "days">,
  { from, to }: { readonly from: string; readonly to: string },
): number {
  return Object.entries(days)
    .filter(([day]) => day >= from && day <= to)
    .reduce((sum, [, { rows }]) => sum + rows, 0);
}

/**
 * What is current after both: of each day the later look at its raw objects, of each catalogue the one of the later day.
 */
export function mergedSnapshot(base: CleanSnapshot | null, own: CleanSnapshot): CleanSnapshot {
  return {
    days: mergedDays(base?.days ?? {}, own.days),
    products: laterCatalogue(base?.products, own.products),
    users: laterCatalogue(base?.users, own.users),
  };
}

/** A snapshot without the days that a plan has found to have expired: those of the attempt that it found them of. */
export function withoutExpired(
  snapshot: CleanSnapshot,
  { expired }: Pick<FeaturePlan, "expired">,
): CleanSnapshot {
  if (expired.length === 0) return snapshot;
  const gone = new Map(expired.map(({ day, attempt }) => [day, attempt]));
  const days = Object.entries(snapshot.days).filter(([day, { attempt }]) => gone.get(day) !== attempt);
  return { ...snapshot, days: Object.fromEntries(days) };
}

function laterCatalogue(base: CleanCatalogue | undefined, own: CleanCatalogue): CleanCatalogue {
  if (base === undefined) return own;
  if (base.date !== own.date) return (base.date ?? "") > (own.date ?? "") ? base : own;
  return Date.parse(base.planned_at) > Date.parse(own.planned_at) ? base : own;
}

/** Of each day the later look at its raw objects; of one look the later cleaning. */
function mergedDays(base: CleanSnapshot["days"], own: CleanSnapshot["days"]): CleanSnapshot["days"] {
  const merged = { ...base };
  for (const [day, one] of Object.entries(own)) {
    const there = merged[day];
    if (there === undefined || Date.parse(there.planned_at) <= Date.parse(one.planned_at)) merged[day] = one;
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The days that an attempt cleaned, each with what it was cleaned with, and of all others those that are current. */
export function snapshotOf(
  plan: FeaturePlan,
  clean: CleanResult,
  { base, lookBackDays }: { readonly base: CleanSnapshot | null; readonly lookBackDays: number },
): CleanSnapshot {
  const { attempt, looked_at: planned_at, to, clean_from, clean_to } = plan;
  const rows = new Map<string, number>();
  for (const { partition, rows: n } of clean.interactions) {
    const day = /^day=(\d{4}-\d{2}-\d{2})$/.exec(partition)?.[1];
    if (day === undefined || day < clean_from || day > clean_to)
      throw new ContractViolation(`cleaning wrote "${partition}", no day from ${clean_from} to ${clean_to}`);
    rows.set(day, (rows.get(day) ?? 0) + n);
  }
  const digests = new Map(
    plan.days.flatMap(({ day, digest, parts }) => (parts.length > 0 ? [[day, digest]] : [])),
  );
  const own = plan.days
    .filter(({ day, kept }) => day >= clean_from && !kept)
    .map(({ day, digest, planned_at: looked_at, raw_from }): [string, CleanDay] => {
      const before = lookBackOf(day, lookBackDays).map((one) => [one, digests.get(one)]);
      const look_back = Object.fromEntries(before.filter(([, told]) => told !== undefined));
      const one = { attempt, rows: rows.get(day) ?? 0, digest, look_back, planned_at: looked_at };
      return [day, { ...one, ...(raw_from !== undefined && { raw_from }) }];
    });
  const [catalogues] = clean.catalogues;
  const catalogueOf = (name: "products" | "users"): CleanCatalogue => {
    const dates = plan.catalogue[name].map(({ date }) => date).toSorted();
    const date = dates.findLast((one) => one <= to) ?? dates[0] ?? null;
    return { attempt, rows: catalogues[name], date, planned_at };
  };
  return v.parse(CleanSnapshot, {
    days: mergedDays(base === null ? {} : withoutExpired(base, plan).days, Object.fromEntries(own)),
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
