import type { FeatureRun } from "./feature-run.ts";
import { featuresOf, shortNumber } from "./feature-values.ts";
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
            .map(([name, value]) => `${name} ${typeof value === "number" ? shortNumber(value) : value}`)
            .join(", ")}`,
        ]),
  ];
}

/** One run in its lines: what came and went, what features it has, and how these differ from those before. */
export function runLines(run: FeatureRun): string[] {
  const { run_id, report, manifest, published, absent, seconds } = run;
  const { user, item, interaction } = manifest.features;
  return [
    `  ${run_id}: ${report.lines} lines, ${rejectedText(run)}, ${report.rows} rows in ${seconds.toFixed(1)} s`,
    `    removed       ${removedText(run) || "nothing"}`,
    `    features      ${user.rows} users, ${item.rows} products, ${interaction.rows} interactions; ${published} items online`,
    ...(absent.length === 0 ? [] : [`    absent        ${absent.join(", ")}: the sources do not tell`]),
    ...laterLines(run),
    `    drift         ${driftText(run)}`,
    ...alertLines(run),
  ];
}

/** Lines that are no interactions, with the reasons. */
export function rejectedText({ report: { rejected, reasons } }: Pick<FeatureRun, "report">): string {
  const counts = Object.entries(reasons).map(([reason, lines]) => `${reason} ${lines}`);
  return `${rejected} rejected${counts.length === 0 ? "" : ` (${counts.join(", ")})`}`;
}

/** Rows that cleaning took out, by the reason; empty when there are none. */
export function removedText({ removed }: Pick<FeatureRun, "removed">): string {
  const out = Object.entries(removed).filter(([, rows]) => rows > 0);
  return out.map(([reason, rows]) => `${reason} ${rows}`).join(", ");
}

/** What rests on a catalogue that came later than the interactions. */
function laterLines({ report: { later_catalogue } }: FeatureRun): string[] {
  const { from, days, rows } = later_catalogue;
  return from === null
    ? []
    : [`    catalogue     of ${from}: its attributes stand for ${rows} rows of ${days} days before it too`];
}

/** What is unusual about what arrived. */
export function alertLines({ alerts }: Pick<FeatureRun, "alerts">): string[] {
  return [
    ...alerts.slice(0, ALERTS).map((alert) => `    alert         ${alert}`),
    ...(alerts.length > ALERTS ? [`    alerts        ${alerts.length - ALERTS} more`] : []),
  ];
}

/** How many features differ much from the baseline's, and the three that differ most, by their stability index (PSI). */
export function driftText(run: Pick<FeatureRun, "profile" | "drifted">): string {
  const { baseline } = run.profile;
  if (baseline === null) return "nothing to compare with yet";
  const measured = featuresOf(run.profile)
    .flatMap(({ name, profile: { state, drift } }) =>
      state === "absent" || drift === null ? [] : [{ name, psi: drift.psi }],
    )
    .toSorted((a, b) => b.psi - a.psi);
  const most = measured.slice(0, 3).map(({ name, psi }) => `${name} ${psi.toFixed(3)}`);
  return `${run.drifted.length} of ${measured.length} much since ${runOf(baseline)}; PSI ${most.join(", ")}`;
}

/** `daily-2026-11-20-1a2b3c4d` → `daily-2026-11-20`: which execution it was says nothing to people. */
function runOf(attempt: string): string {
  return attempt.slice(0, attempt.lastIndexOf("-"));
}
