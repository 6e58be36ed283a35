import * as v from "valibot";
import { isDate } from "../actions/iso-date.ts";

/** The groups of features, each one table: of a user, of a product, of one interaction. */
export const featureGroups = ["user", "item", "interaction"] as const;
export type FeatureGroup = (typeof featureGroups)[number];

/** How a run of the feature pipeline takes its days. */
export const featureModes = ["daily", "weekly", "range"] as const;
export type FeatureMode = (typeof featureModes)[number];

const daysOf = (run: string): readonly string[] => run.match(/\d{4}-\d{2}-\d{2}/g) ?? [];

/** A run by its mode and dates, so that the same run twice is one: `daily-2026-11-20`, `range-2026-01-01-2026-01-31`. */
export const FeatureRunId = v.pipe(
  v.string(),
  v.regex(
    /^(?:(?:daily|weekly)-\d{4}-\d{2}-\d{2}|range-\d{4}-\d{2}-\d{2}-\d{4}-\d{2}-\d{2})$/,
    "a feature run's id",
  ),
  v.check((run) => daysOf(run).every(isDate), "days of the calendar"),
);
export type FeatureRunId = v.InferOutput<typeof FeatureRunId>;

/**
 * One execution of a run: its id and eight digits that stand for the execution. It stands in keys, in SQL and in the
 * catalogue; a redrive goes on in the same attempt.
 */
export const FeatureAttempt = v.pipe(
  v.string(),
  v.regex(/^(?:daily|weekly|range)(?:-\d{4}-\d{2}-\d{2}){1,2}-[0-9a-f]{8}$/, "an attempt of a feature run"),
);
export type FeatureAttempt = v.InferOutput<typeof FeatureAttempt>;

/** Key of what an attempt is to do. */
export function featurePlanKey(attempt: string): string {
  return `plans/${attempt}.json`;
}

/** Prefix of the clean rows that an attempt wrote: below it `interactions/day=…/`, `products/`, `users/`. */
export function cleanPrefix(attempt: string): string {
  return `clean/${attempt}/`;
}

/** Key of which clean rows an attempt's features are computed from. */
export function snapshotKey(attempt: string): string {
  return `plans/${attempt}-snapshot.json`;
}

/** Prefix of the features of a group that an attempt computed as of the midnight after `to`. */
export function featuresPrefix(
  group: FeatureGroup,
  { version, to, attempt }: { readonly version: number; readonly to: string; readonly attempt: string },
): string {
  return `features/v${version}/${group}/date=${to}/attempt=${attempt}/`;
}

/** Prefix of the split of an attempt for training: below it `split=train/`, `split=validation/`, `split=test/`. */
export function trainingPrefix(attempt: string): string {
  return `training/${attempt}/`;
}

/** Key of the manifest that a training job reads. */
export function trainingManifestKey(attempt: string): string {
  return `${trainingPrefix(attempt)}manifest.json`;
}

/** Key of the quality of an attempt's features. */
export function profileKey(attempt: string): string {
  return `profiles/${attempt}.json`;
}

/** Key of the pieces of an attempt's features that go into the online store. */
export function slicesKey(attempt: string): string {
  return `profiles/${attempt}-slices.json`;
}

/**
 * Key of what becomes current with an attempt if the pointer's generation becomes this one: each try has a manifest of its
 * own, so that none of what is current is ever written over.
 */
export function featuresManifestKey(attempt: string, generation: number): string {
  return `_manifests/${attempt}/${generation}.json`;
}
