import type { FeatureRun } from "./feature-run.ts";
import type { SampleFeatures } from "./sample-features.ts";

/** Alerts that are told of one run: of a history of months there may be dozens. */
const ALERTS = 3;

/** What the feature pipeline made of the sample, in a few lines. */
export function renderFeatures({ weekly, daily, online }: SampleFeatures): string[] {
  return [
    `Features: current as of ${daily.manifest.latest.as_of}, generation by ${daily.run_id}`,
    ...[weekly, daily].flatMap(runLines),
    ...(online === undefined
      ? []
      : [
          `  online          ${online.id} ${Object.entries(online.features)
            .map(([name, value]) => `${name} ${typeof value === "number" ? rounded(value) : value}`)
            .join(", ")}`,
        ]),
  ];
}

/** One run in its lines: what came and went, what features it has, and how these differ from those before. */
export function runLines(run: FeatureRun): string[] {
  const { run_id, report, removed, manifest, published, absent, alerts, seconds } = run;
  const { user, item, interaction } = manifest.features;
  const out = Object.entries(removed).filter(([, rows]) => rows > 0);
  const reasons = Object.entries(report.reasons);
  return [
    `  ${run_id}: ${report.lines} lines, ${report.rejected} rejected${listed(reasons)}, ${report.rows} rows in ${seconds.toFixed(1)} s`,
    `    removed       ${out.length === 0 ? "nothing" : out.map(([reason, rows]) => `${reason} ${rows}`).join(", ")}`,
    `    features      ${user.rows} users, ${item.rows} products, ${interaction.rows} interactions; ${published} items online`,
    ...(absent.length === 0 ? [] : [`    absent        ${absent.join(", ")}: the sources do not tell`]),
    `    drift         ${driftText(run)}`,
    ...alerts.slice(0, ALERTS).map((alert) => `    alert         ${alert}`),
    ...(alerts.length > ALERTS ? [`    alerts        ${alerts.length - ALERTS} more`] : []),
  ];
}

/** The features that differ most from the baseline's, and whether that is much. */
export function driftText({ profile, drifted }: FeatureRun): string {
  if (profile.baseline === null) return "nothing to compare with yet";
  const measured = Object.values(profile.groups)
    .flatMap(({ features }) => Object.entries(features))
    .flatMap(([name, { drift }]) => (drift === null ? [] : [{ name, psi: drift.psi }]))
    .toSorted((a, b) => b.psi - a.psi);
  const most = measured.slice(0, 3).map(({ name, psi }) => `${name} ${psi.toFixed(3)}`);
  const much = drifted.length === 0 ? "none of them much" : `much: ${drifted.join(", ")}`;
  return `PSI ${most.join(", ")}; ${much}`;
}

function listed(counts: readonly (readonly [string, number])[]): string {
  return counts.length === 0 ? "" : ` (${counts.map(([reason, lines]) => `${reason} ${lines}`).join(", ")})`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
