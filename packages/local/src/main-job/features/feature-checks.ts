import { type Check, check } from "../balance.ts";
import type { FeatureRun } from "./feature-run.ts";
import type { SampleFeatures } from "./sample-features.ts";

/** What must hold of the features of the sample: every line has its outcome, and what was planted is found. */
export function featureChecks(features: SampleFeatures): Check[] {
  const { weekly, daily, planted, online, sent } = features;
  return [
    check(
      "clicks sent over the API are raw lines",
      sent.sent === sent.taken && sent.sent === sent.delivered
        ? []
        : [`${sent.sent} sent, ${sent.taken} taken, ${sent.delivered} delivered`],
      `${sent.delivered} went through the stream into ${sent.objects} objects, by the day on which they happened`,
    ),
    everyLine(features),
    ...[weekly, daily].map(everyRow),
    found("clicks rejected", planted.rejected, weekly.report.rejected + rejectedOf(daily, features)),
    found("repeated clicks removed", planted.duplicates, daily.removed.duplicate ?? 0),
    found("machine's clicks removed", planted.bots, machineClicks(daily)),
    found(
      "late clicks taken in",
      planted.late,
      linesOf(daily, features.dayBefore) - linesOf(weekly, features.dayBefore),
    ),
    check(
      "features online",
      online?.run === daily.manifest.attempt ? [] : [`the API tells of ${online?.run ?? "nothing"}`],
      `${online?.id ?? ""} as of ${online?.as_of ?? ""}`,
    ),
  ];
}

function found(name: string, planted: number, count: number): Check {
  return check(name, planted === count ? [] : [`planted ${planted}, found ${count}`], `${count} as planted`);
}

/** Lines by day of the run that looked last; the days of the runs overlap. */
function everyLine({ weekly, daily, lines }: SampleFeatures): Check {
  const days = new Map([...weekly.report.days, ...daily.report.days].map((day) => [day.day, day]));
  const sum = (of: "lines" | "rows" | "rejected") =>
    [...days.values()].reduce((total, day) => total + day[of], 0);
  return check(
    "every click has an outcome",
    sum("lines") === lines && sum("lines") === sum("rows") + sum("rejected")
      ? []
      : [`${lines} lines were uploaded, ${sum("lines")} = ${sum("rows")} + ${sum("rejected")} were read`],
    `${lines} lines = ${sum("rows")} interactions + ${sum("rejected")} rejected`,
  );
}

/** Rows of the days that a run cleaned: they are clean, or removed for a reason that is counted by itself. */
function everyRow({ run_id, report, manifest, removed }: FeatureRun): Check {
  const own = Object.entries(manifest.snapshot.days).filter(
    ([, { attempt }]) => attempt === manifest.attempt,
  );
  const cleaned = new Set(own.map(([day]) => day));
  const clean = own.reduce((sum, [, { rows }]) => sum + rows, 0);
  const rows = report.days.filter(({ day }) => cleaned.has(day)).reduce((sum, { rows: n }) => sum + n, 0);
  const out = Object.values(removed).reduce((sum, n) => sum + n, 0);
  return check(
    `${run_id} lost no row`,
    rows === clean + out ? [] : [`${rows} rows, but ${clean} clean and ${out} removed`],
    `${rows} rows = ${clean} clean + ${out} removed`,
  );
}

function linesOf({ report }: FeatureRun, day: string): number {
  return report.days.find((one) => one.day === day)?.lines ?? 0;
}

/** Of the last day: what the run before has counted is not counted again. */
function rejectedOf({ report }: FeatureRun, { day }: SampleFeatures): number {
  return report.days.find((one) => one.day === day)?.rejected ?? 0;
}

function machineClicks({ removed }: FeatureRun): number {
  return Object.entries(removed)
    .filter(([reason]) => reason.startsWith("bot."))
    .reduce((sum, [, rows]) => sum + rows, 0);
}
