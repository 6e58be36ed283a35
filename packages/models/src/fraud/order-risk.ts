import type { RuleHit } from "./rules.ts";

/** Points of an order's risk, and where they come from. */
export interface OrderRisk {
  /** 0 to 100: the sum of the components. */
  readonly score: number;
  readonly components: {
    readonly anomaly: number;
    readonly velocity: number;
    readonly mismatch: number;
    readonly amount: number;
  };
}

/** Most points of each component; together 100. */
const MOST = { anomaly: 40, velocity: 20, mismatch: 20, amount: 20 } as const;
/** Isolation forest: up to 0.5 a row is ordinary, and scores above 0.8 are hardly seen (Liu et al. 2008, 2.). */
const ORDINARY = 0.5;
const EXTREME = 0.8;

/**
 * Risk of one order from 0 to 100: up to 40 points for how anomalous it is, up to 20 for each kind of rule, half of
 * them when a rule is just broken. Two hits of one kind count as the worse one.
 *
 * @param anomaly score of the isolation forest, 0 to 1
 */
export function orderRisk(anomaly: number, hits: readonly RuleHit[]): OrderRisk {
  const worst = (rule: RuleHit["rule"]) => {
    const own = hits.filter((hit) => hit.rule === rule);
    return own.length === 0 ? 0 : (MOST[rule] * (1 + Math.max(...own.map(({ severity }) => severity)))) / 2;
  };
  const unusual = Math.min(1, Math.max(0, (anomaly - ORDINARY) / (EXTREME - ORDINARY)));
  const components = {
    anomaly: tenths(MOST.anomaly * unusual),
    velocity: tenths(worst("velocity")),
    mismatch: tenths(worst("mismatch")),
    amount: tenths(worst("amount")),
  };
  const { velocity, mismatch, amount } = components;
  return { score: tenths(components.anomaly + velocity + mismatch + amount), components };
}

function tenths(points: number): number {
  return Math.round(points * 10) / 10;
}
