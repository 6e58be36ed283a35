import type { FeatureProfile } from "@penstock/contracts";
import type { FeatureFacts, ToldRun } from "../../packages/local/src/main-job/features/feature-facts.ts";

const drift = (psi: number) => ({
  psi,
  psi_chance: 0.05,
  ks: psi / 2,
  ks_chance: 0.1,
  drifted: psi >= 0.25,
});

/** A number's profile; with an index it was compared with a baseline. */
function number(psi?: number): FeatureProfile {
  return {
    kind: "number",
    state: "present",
    nulls: 0,
    share_null: 0,
    distinct: 9,
    mean: 4.25,
    deviation: 2,
    least: 1,
    greatest: 1234.5,
    deciles: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    bins: [],
    drift: psi === undefined ? null : drift(psi),
  };
}

const numbers = { mean: null, deviation: null, least: null, greatest: null, deciles: [] };

function category(value: string): FeatureProfile {
  const bins = [
    { of: "value" as const, value, rows: 75, share: 0.75 },
    { of: "null" as const, rows: 25, share: 0.25 },
  ];
  return {
    kind: "category",
    state: "present",
    nulls: 25,
    share_null: 0.25,
    distinct: 1,
    ...numbers,
    bins,
    drift: null,
  };
}

const absent: FeatureProfile = {
  kind: "number",
  state: "absent",
  nulls: 100,
  share_null: 1,
  distinct: 0,
  ...numbers,
  bins: [],
  drift: null,
};

/** A run over some days of ten lines each, one of them rejected. */
export function someRun(
  run_id: string,
  days: readonly string[],
  { name = "shoes", psi }: { name?: string; psi?: number } = {},
): ToldRun {
  return {
    run_id,
    as_of: `${days.at(-1)}T00:00:00Z`,
    planned_at: `${days.at(-1)}T05:00:00Z`,
    days: days.map((day) => ({ day, state: "present", objects: 1, lines: 10, rows: 9, rejected: 1 })),
    rows: { user: 4, item: 3, interaction: 9 * days.length },
    drifted: psi !== undefined && psi >= 0.25 ? ["user.total_interactions"] : [],
    absent: ["item.avg_rating"],
    profile: {
      baseline: psi === undefined ? null : "daily-2026-11-01-0123abcd",
      groups: {
        user: { rows: 4, features: { total_interactions: number(psi), favorite_category: category(name) } },
        item: { rows: 3, features: { avg_rating: absent } },
        interaction: { rows: 9, features: {} },
      },
    },
  };
}

/** What is known of the features of two weeks; `name` stands wherever a value comes from outside. */
export function someFeatures(name = "shoes", daily: readonly ToldRun[] = []): FeatureFacts {
  const product = { name, popularity: 12.5, conversion: 0.25, trending: 3 };
  return {
    daily,
    weekly: someRun("weekly-2026-11-15", ["2026-11-14", "2026-11-15"], { name }),
    interactions: [1, 2, 3, 94],
    popular: [product, { name: "p2", popularity: 1, conversion: null, trending: null }],
    trending: [product],
  };
}
