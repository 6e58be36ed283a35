import type { FeatureMode, FeatureSet, FeaturesManifest } from "@penstock/contracts";
import { isLater } from "./feature-order.ts";

type History = Pick<FeaturesManifest, "latest" | "recent" | "baselines">;

/** How far features are from a baseline. */
export interface MeasuredDrift {
  /** Whether one is beyond the limits. */
  readonly drifted: boolean;
  /** The attempt that was the baseline when the run was planned; null when there was none. */
  readonly baseline: string | null;
}

/**
 * What is latest, and what drift is measured against, once a run's features are accepted. Features that are
 * earlier than the latest leave these where they are. A run within the limits is the next baseline of its mode, so that slow
 * change is no drift; one beyond them is none, so that it is told again until it passes or a weekly run, which takes the
 * world as it is, makes the recent ones the baselines. Neither is one that was measured against another baseline than
 * there is by now, since another run was accepted meanwhile: nobody knows how far it is from that one.
 */
export function historyWith(
  features: FeatureSet,
  mode: FeatureMode,
  { drifted, baseline }: MeasuredDrift,
  before: History | null,
): History & { readonly accepted: boolean } {
  const none = { daily: null, weekly: null, range: null };
  const { latest = features, recent = none, baselines = none } = before ?? {};
  const isNewer = (than: FeatureSet | null) => than === null || isLater(features, than);
  const nowRecent = isNewer(recent[mode]) ? { ...recent, [mode]: features } : recent;
  const there = baselines[mode];
  const isWithin = !drifted && there?.attempt === baseline;
  const accepted = isNewer(there) && (mode === "weekly" || there === null || isWithin);
  const nowBaselines = accepted ? { ...baselines, [mode]: features } : baselines;
  return {
    latest: isNewer(latest) ? features : latest,
    recent: nowRecent,
    baselines:
      mode === "weekly" && accepted
        ? { daily: nowRecent.daily, weekly: features, range: nowRecent.range }
        : nowBaselines,
    accepted,
  };
}
