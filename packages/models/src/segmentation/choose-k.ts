import { Random } from "ml-random";
import { shuffled } from "../learners/folds.ts";
import { cluster } from "./clusters.ts";
import { meanSilhouette } from "./silhouette.ts";

type Point = readonly number[];

/** Mean silhouette by number of clusters, and the number with the highest. */
export interface ChosenK {
  readonly k: number;
  readonly silhouettes: readonly { readonly k: number; readonly silhouette: number }[];
}

const K_MIN = 2;
const K_MAX = 8;
/** The silhouette looks at all pairs. */
const SAMPLE = 1_500;

/**
 * Chooses the number of clusters from 2 to 8 by the mean silhouette over a random sample of the points.
 *
 * @returns undefined when there are fewer than two different points
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
  const [first, ...others] = silhouettes;
  if (first === undefined) return undefined;
  const best = others.reduce((a, b) => (b.silhouette > a.silhouette ? b : a), first);
  return { k: best.k, silhouettes };
}
