import { FeaturesManifest, featurePointers } from "@penstock/contracts";
import { catalogueCandidate, profileFeatures } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { interaction, item, many, user } from "./feature-rows.ts";
import { attemptOf, dayAfter, type FeatureRun } from "./feature-run.ts";

const tries = { user: "0-0", item: "0-0", interaction: "0-0" };

/** The manifest that an attempt was accepted by, or wrote last. */
export async function manifestOf(run: FeatureRun, attempt: string): Promise<FeaturesManifest> {
  const written: FeaturesManifest[] = [];
  for await (const { uri } of run.store.list(`s3://features/_manifests/${attempt}/`))
    written.push(v.parse(FeaturesManifest, await run.store.getJson(uri)));
  const last = written.toSorted((a, b) => a.generation - b.generation).at(-1);
  if (last === undefined) throw new Error(`${attempt} has written no manifest`);
  return last;
}

/** An attempt that is to be accepted. */
export interface Day {
  readonly attempt: string;
  readonly plan: S3Uri;
}

/** A run up to its profile: planned over what is current now, cleaned, computed. */
export async function computed(
  run: FeatureRun,
  to: string,
  {
    mode = "daily",
    digits = "0123abcd",
    days = [to],
    shift = 0,
    looked_at = `${dayAfter(to)}T05:00:00Z`,
    output_path = null as S3Uri | null,
    digest = "0123456789abcdef",
  } = {},
): Promise<Day> {
  const attempt = attemptOf(to, mode, digits);
  const current = await run.ports.pointers.read(featurePointers.latest);
  const base =
    current === undefined
      ? null
      : { attempt: current.build, manifest: current.manifest as S3Uri, generation: current.generation };
  const from = days[0] ?? to;
  const own = days.filter((day) => day <= to).length;
  const plan = await run.plan(attempt, {
    base,
    from,
    clean_from: from,
    clean_to: days.at(-1) ?? to,
    looked_at,
    output_path,
    days: days.map((day) => ({
      day,
      digest,
      changed: true,
      planned_at: looked_at,
      parts: [],
      clean_rows: 0,
      kept: false,
    })),
    catalogue: { products: [{ source: "curated", date: from, holds_from: from, objects: [] }], users: [] },
  });
  const result: S3Uri = `s3://features/plans/${attempt}/result.json`;
  await run.store.putJson(result, {
    landed: [{ rows: 41 * days.length }],
    interactions: days.map((day) => ({
      uri: `s3://features/clean/${attempt}/interactions/day=${day}/part-0.parquet`,
      partition: `day=${day}`,
      rows: 40,
      bytes: 1000,
    })),
    catalogues: [{ products: 10, users: 20 }],
    removed: [{ reason: "duplicate", rows: days.length }],
  });
  await catalogueCandidate({ plan, result }, run.ports);
  await run.features(
    "user",
    attempt,
    many(300, (number) => user(`u-${number}`, { recency_days: (number % 30) + shift })),
  );
  await run.features(
    "item",
    attempt,
    many(10, (number) => item(`p-${number}`)),
  );
  await run.features(
    "interaction",
    attempt,
    many(40 * days.length, (number) =>
      interaction(number, number < 40 * own ? {} : { occurred_at: `${dayAfter(to)} 00:00:00` }),
    ),
  );
  await profileFeatures({ plan, tries }, run.ports);
  return { attempt, plan };
}
