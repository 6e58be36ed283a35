import { mkdtemp, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { inParallel, s3Uri } from "@penstock/runtime";
import { importSource } from "../../interactions/import-source.ts";
import type { ClickSource } from "../../interactions/source.ts";
import { type Check, check } from "../balance.ts";
import type { Run } from "../run.ts";
import { dayHead, dayLines, emptyDay } from "./day-lines.ts";
import { type FeatureFacts, readFeatureFacts } from "./feature-facts.ts";
import { runLines } from "./feature-lines.ts";
import { type FeatureRun, runFeatures, runFeaturesIfAny } from "./feature-run.ts";
import { featureSummary } from "./feature-summary.ts";
import { incrementChecks } from "./increments.ts";
import { readSplit, splitCheck } from "./training-split.ts";

const DAY = 86_400_000;
/** A year of days in turn would take hours: a source with more is computed at once only. */
const MOST_DAILY = 100;

/** What the runs over a published clickstream were. */
export interface FolderFeatures {
  /** Of each day that has interactions in its turn, where there are not too many, and of everything. */
  readonly facts: FeatureFacts;
  readonly checks: readonly Check[];
}

/**
 * Runs the feature pipeline over a published clickstream: each day in its turn as it would have been run on the morning
 * after, and then everything at once. Each run is told as it ends.
 */
export async function folderFeatures(run: Run, source: ClickSource): Promise<FolderFeatures> {
  const { screen } = run;
  const directory = await mkdtemp(join(run.workDirectory, "clicks-"));
  const imported = await importSource(source, directory);
  const { interactions, products, users, from, to, categorised } = imported;
  screen.line(
    `${source.title}: ${interactions} interactions from ${from} to ${to}, ${users} users, ${products} products, ${categorised} with a category`,
  );
  await upload(run, directory, (key) => !key.startsWith("interactions/"));
  const days = daysOf(from, to);
  const inTurn = days.length <= MOST_DAILY;
  screen.line(
    inTurn
      ? `Each day in its turn, as it would have been run on the morning after:\n${dayHead}`
      : `${days.length} days are too many to run each in its turn, which takes up to ${MOST_DAILY}.`,
  );
  const daily = inTurn ? await eachDay(run, directory, days) : [];
  if (!inTurn) await upload(run, directory, (key) => key.startsWith("interactions/"));
  screen.line("Everything at once, for training:");
  const weekly = await runFeatures(run, { mode: "weekly", scheduled_at: `${after(to)}T07:00:00Z` });
  for (const said of [...runLines(weekly), ...featureSummary(weekly)]) screen.line(said);
  const checks = [
    everyLine(weekly, interactions),
    splitCheck(await readSplit(run, weekly), weekly),
    ...(daily.length === 0 ? [] : await incrementChecks(run, daily, weekly)),
  ];
  return { facts: await readFeatureFacts(run, daily, weekly), checks };
}

/** Uploads each day and runs it, until all are current. @returns the runs of the days that have interactions */
async function eachDay(run: Run, directory: string, days: readonly string[]): Promise<FeatureRun[]> {
  const daily: FeatureRun[] = [];
  for (const day of days) {
    await upload(run, directory, (key) => key.startsWith(`interactions/${partition(day)}`));
    const ended = await runFeaturesIfAny(run, { mode: "daily", scheduled_at: `${after(day)}T05:00:00Z` });
    for (const said of ended === undefined ? [emptyDay(day)] : dayLines(day, ended, daily.at(-1)))
      run.screen.line(said);
    if (ended !== undefined) daily.push(ended);
  }
  return daily;
}

async function upload(
  { store, features }: Run,
  directory: string,
  wanted: (key: string) => boolean,
): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => wanted(relative(directory, file)));
  await inParallel(files, (file) =>
    store.upload(file, s3Uri(features.interactions, relative(directory, file))),
  );
}

function everyLine({ report }: FeatureRun, interactions: number): Check {
  const { lines, rows, rejected } = report;
  return check(
    "every interaction has an outcome",
    lines === interactions && lines === rows + rejected
      ? []
      : [`${interactions} interactions, ${lines} lines = ${rows} + ${rejected}`],
    `${lines} lines = ${rows} interactions + ${rejected} rejected`,
  );
}

function partition(day: string): string {
  const [year, month, date] = day.split("-");
  return `year=${year}/month=${month}/day=${date}/`;
}

function after(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}

function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = after(day)) days.push(day);
  return days;
}
