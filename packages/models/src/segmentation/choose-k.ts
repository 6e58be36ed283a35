import { Random } from "ml-random";
import { shuffled } from "../learners/folds.ts";
import { cluster } from "./clusters.ts";
import { meanSilhouette } from "./silhouette.ts";

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
/** The silhouette looks at all pairs. */
const SAMPLE = 1_000;

/**
 * Chooses the number of clusters from 3 to 8 by the mean silhouette over a random sample of the points; 2 where there are
 * two different points only.
 *
 * @returns undefined when all points are the same
 */
export function chooseK(points: readonly Point[], seed: number): ChosenK | undefined {
  const random = new Random(seed);
  const sample = shuffled(points.length, random)
    .slice(0, SAMPLE)
    .flatMap((index) => points.slice(index, index + 1));
  const silhouettes: { k: number; silhouette: number }[] = [];
  for (let k = K_MIN; k <= K_MAX; k++) {
    const found = cluster(sample, k, random);
    const silhouette = found === undefined ? undefined : meanSilhouette(sample, found.labels);
    if (silhouette !== undefined) silhouettes.push({ k, silhouette });
  }
  const useful = silhouettes.filter(({ k }) => k >= K_USEFUL);
  const best = (useful.length > 0 ? useful : silhouettes).reduce<(typeof silhouettes)[number] | undefined>(
    (a, b) => (a === undefined || b.silhouette > a.silhouette ? b : a),
    undefined,
  );
  return best === undefined ? undefined : { k: best.k, silhouettes };
}
