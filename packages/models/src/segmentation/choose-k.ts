import { Random } from "ml-random";
import { shuffled } from "../learners/folds.ts";
import { cluster } from "./clusters.ts";
import { silhouetteOf } from "./silhouette.ts";

type Point = readonly number[];

/** Mean silhouette by number of clusters, and the number that was chosen. */
export interface ChosenK {
  readonly k: number;
  readonly silhouettes: readonly { readonly k: number; readonly silhouette: number }[];
}

const K_MIN = 2;
const K_MAX = 8;
/**
 * Two segments are measured and shown but not chosen where three can be had: over RFM they have the highest silhouette
 * nearly always, and tell only good customers from bad ones, which needs no model.
 */
const K_USEFUL = 3;
/** Centres hardly move any more with more points. */
const FIT = 20_000;
/** The silhouette looks at all pairs: several samples of this size say more than one that takes as long. */
const SAMPLE = 1_000;
const SAMPLES = 8;
/** Silhouettes nearer than this differ from sample to sample by as much; fewer segments are then easier to use. */
const ALIKE = 0.001;

/**
 * Chooses the number of clusters from 3 to 8 by the mean silhouette over eight random samples of the clustered points: the
 * smallest number whose silhouette is within 0.001 of the best; 2 where there are two different points only.
 *
 * @returns undefined when all points are the same
 */
export function chooseK(points: readonly Point[], seed: number): ChosenK | undefined {
  const random = new Random(seed);
  const fitted = picked(points, shuffled(points.length, random).slice(0, FIT));
  // The same samples for all numbers of clusters, so that the luck of the draw is the same for all.
  const samples = Array.from({ length: fitted.length <= SAMPLE ? 1 : SAMPLES }, () =>
    shuffled(fitted.length, random).slice(0, SAMPLE),
  );
  const clusterings: { k: number; labels: readonly number[] }[] = [];
  for (let k = K_MIN; k <= K_MAX; k++) {
    const labels = cluster(fitted, k, random)?.labels;
    if (labels === undefined) break;
    clusterings.push({ k, labels });
  }
  // Sample by sample: the distances of one are a million numbers.
  const found = clusterings.map((): number[] => []);
  for (const sample of samples) {
    const silhouette = silhouetteOf(picked(fitted, sample));
    // No silhouette: a sample lies within one cluster.
    for (const [index, { labels }] of clusterings.entries()) {
      const mean = silhouette.mean(picked(labels, sample));
      if (mean !== undefined) found[index]?.push(mean);
    }
  }
  const silhouettes = clusterings.flatMap(({ k }, index) => {
    const means = found[index] ?? [];
    const silhouette = means.reduce((sum, one) => sum + one, 0) / samples.length;
    return means.length > 0 ? [{ k, silhouette }] : [];
  });
  const useful = silhouettes.filter(({ k }) => k >= K_USEFUL);
  const candidates = useful.length > 0 ? useful : silhouettes;
  const most = Math.max(...candidates.map(({ silhouette }) => silhouette));
  const chosen = candidates.find(({ silhouette }) => silhouette >= most - ALIKE);
  return chosen === undefined ? undefined : { k: chosen.k, silhouettes };
}

function picked<T>(all: readonly T[], indices: readonly number[]): T[] {
  return indices.flatMap((index) => all.slice(index, index + 1));
}
