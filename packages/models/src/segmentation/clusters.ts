import { kmeans } from "ml-kmeans";
import type { Random } from "ml-random";
import { shuffled } from "../learners/folds.ts";

type Point = readonly number[];

/** Points in groups around centres. */
export interface Clustering {
  /** Where the search began: the same start gives the same groups in any implementation of Lloyd's algorithm. */
  readonly initial: readonly Point[];
  readonly centres: readonly Point[];
  /** The centre of each point, as an index. */
  readonly labels: readonly number[];
  /** Sum of the squared distances to the centres. */
  readonly inertia: number;
}

const RESTARTS = 12;
/** Points that are enough to find out which starts lead to different groups. */
const SCOUTS = 3_000;
/** So many of those ends are gone on from with all points: what is best of a sample need not be best of all. */
const FINALISTS = 3;
/** Searches whose sums of squares are nearer (relative) have ended in the same groups. */
const SAME = 1e-3;
const MAX_ITERATIONS = 200;

/**
 * k-means: the best of twelve searches, each from centres drawn by k-means++. Of more than 3,000 points a sample is
 * searched, and the three best different ends of it are where the search of all points begins.
 *
 * Sources: Lloyd (1982); Arthur and Vassilvitskii (2007), "k-means++" (the draw). The search is `ml-kmeans`'; the draw is
 * here because the library does not tell which centres it drew.
 *
 * @returns undefined when there are fewer than `k` different points
 */
export function cluster(points: readonly Point[], k: number, random: Random): Clustering | undefined {
  if (points.length <= SCOUTS) return searches(points, k, random)[0];
  const sample = shuffled(points.length, random)
    .slice(0, SCOUTS)
    .flatMap((index) => points.slice(index, index + 1));
  const finalists: Clustering[] = [];
  for (const found of searches(sample, k, random)) {
    const last = finalists.at(-1);
    if (last === undefined || found.inertia > last.inertia * (1 + SAME)) finalists.push(found);
  }
  const ends = finalists.slice(0, FINALISTS).map(({ centres }) => clusterFrom(points, centres));
  // A sample can have too few different points where all of them have enough.
  return best(ends.length > 0 ? ends : searches(points, k, random))[0];
}

/** The searches from different draws, the best first; none when there are fewer than `k` different points. */
function searches(points: readonly Point[], k: number, random: Random): Clustering[] {
  const found: Clustering[] = [];
  for (let restart = 0; restart < RESTARTS; restart++) {
    const initial = drawCentres(points, k, random);
    if (initial === undefined) break;
    found.push(clusterFrom(points, initial));
  }
  return best(found);
}

function best(found: readonly Clustering[]): Clustering[] {
  return found.toSorted((a, b) => a.inertia - b.inertia);
}

/** Lloyd's algorithm from given centres. */
export function clusterFrom(points: readonly Point[], initial: readonly Point[]): Clustering {
  const { centroids } = kmeans(
    points.map((point) => [...point]),
    initial.length,
    { initialization: initial.map((centre) => [...centre]), maxIterations: MAX_ITERATIONS, tolerance: 1e-10 },
  );
  const labels = points.map((point) => nearest(centroids, point));
  const inertia = points.reduce((sum, point, i) => sum + squared(point, centroids[labels[i] ?? 0] ?? []), 0);
  return { initial, centres: centroids, labels, inertia };
}

/** Index of the centre that is nearest to a point; the first of equals. */
export function nearest(centres: readonly Point[], point: Point): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  centres.forEach((centre, index) => {
    const distance = squared(point, centre);
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}

/** Draws points, each with a chance that grows with the squared distance to those drawn before. */
function drawCentres(points: readonly Point[], k: number, random: Random): Point[] | undefined {
  const centres: Point[] = [];
  const distances = new Float64Array(points.length).fill(1);
  while (centres.length < k) {
    let target = random.random() * distances.reduce((sum, distance) => sum + distance, 0);
    let chosen: Point | undefined;
    for (let i = 0; i < points.length; i++) {
      const weight = distances[i] ?? 0;
      if (weight <= 0) continue;
      chosen = points[i];
      target -= weight;
      if (target < 0) break;
    }
    if (chosen === undefined) return undefined;
    const centre = chosen;
    centres.push(centre);
    points.forEach((point, i) => {
      const distance = squared(point, centre);
      if (centres.length === 1 || distance < (distances[i] ?? 0)) distances[i] = distance;
    });
  }
  return centres;
}

function squared(a: Point, b: Point): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) {
    const apart = (a[c] ?? 0) - (b[c] ?? 0);
    sum += apart * apart;
  }
  return sum;
}
