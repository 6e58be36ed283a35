import { alertLines, driftText, rejectedText, removedText } from "./feature-lines.ts";
import type { FeatureRun } from "./feature-run.ts";

const columns = [
  ["lines", 7],
  ["users", 7],
  ["products", 9],
  ["online", 7],
  ["time", 8],
] as const;

/** The head of the table of days. */
export const dayHead = `  ${"day".padEnd(10)}${columns.map(([name, width]) => name.padStart(width)).join("")}  features that differ much, and how much (PSI)`;

/** A day without interactions in the table of days. */
export const emptyDay = (day: string): string =>
  `  ${day}${"0".padStart(columns[0][1])}  no interactions on this day, what is current stays so`;

/** A day's run in the table of days: one line, and one each for what is not as on other days. */
export function dayLines(day: string, run: FeatureRun, before: FeatureRun | undefined): string[] {
  const { report, manifest, published, seconds, absent } = run;
  const { user, item } = manifest.features;
  const cells = [report.lines, user.rows, item.rows, published, `${seconds.toFixed(1)} s`];
  const out = removedText(run);
  return [
    `  ${day}${cells.map((cell, at) => String(cell).padStart(columns[at]?.[1] ?? 0)).join("")}  ${driftText(run)}`,
    ...(report.rejected === 0 ? [] : [`    rejected      ${rejectedText(run)}`]),
    ...(out === "" ? [] : [`    removed       ${out}`]),
    ...alertLines(run),
    ...absentLines(absent, before?.absent),
  ];
}

/** Which features the sources do not tell: once, and when that changes. */
function absentLines(now: readonly string[], before: readonly string[] | undefined): string[] {
  if (before === undefined)
    return now.length === 0 ? [] : [`    absent        ${now.join(", ")}: the sources do not tell`];
  const known = before.filter((name) => !now.includes(name));
  const lost = now.filter((name) => !before.includes(name));
  return [
    ...(known.length === 0 ? [] : [`    known now     ${known.join(", ")}`]),
    ...(lost.length === 0 ? [] : [`    absent now    ${lost.join(", ")}`]),
  ];
}
