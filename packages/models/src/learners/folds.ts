import type { Random } from "ml-random";

/** The numbers 0 … n-1 in random order (Fisher-Yates). */
export function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.randInt(i + 1);
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}

/** A fold 0 … `folds`-1 for every label, each fold with the same share of both classes, give or take one. */
export function stratifiedFolds(labels: readonly boolean[], folds: number, random: Random): number[] {
  const assigned = new Array<number>(labels.length).fill(0);
  const next = { true: 0, false: 0 };
  for (const index of shuffled(labels.length, random)) {
    const label = labels[index] === true ? "true" : "false";
    assigned[index] = next[label]++ % folds;
  }
  return assigned;
}
