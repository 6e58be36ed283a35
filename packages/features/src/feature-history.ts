import type { FeatureMode, FeatureSet, FeaturesManifest } from "@penstock/contracts";
import { isLater } from "./feature-order.ts";

type History = Pick<FeaturesManifest, "latest" | "recent" | "baselines">;

/**
 * What is latest, and what drift is measured against, once a run's features are accepted. Features that are
 * earlier than the latest leave these where they are. A run within the limits is the next baseline of its mode, so that slow
 * change is no drift; one beyond them is none, so that it is told again until it passes or a weekly run, which takes the
 * world as it is, makes the recent ones the baselines.
 *
 * @param drifted whether a feature of the run is beyond the limits of drift
 */
export function historyWith(
  features: FeatureSet,
  mode: FeatureMode,
  drifted: boolean,
  before: History | null,
): History & { readonly accepted: boolean } {
  const none = { daily: null, weekly: null, range: null };
  const { latest = features, recent = none, baselines = none } = before ?? {};
  const isNewer = (than: FeatureSet | null) => than === null || isLater(features, than);
  const nowRecent = isNewer(recent[mode]) ? { ...recent, [mode]: features } : recent;
  const accepted = isNewer(baselines[mode]) && (mode === "weekly" || !drifted || baselines[mode] === null);
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
