import { mkdtemp, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { inParallel, openSession, parseS3Uri, s3Uri, text } from "@penstock/runtime";
import { type Imported, importSource } from "../../interactions/import-source.ts";
import type { ClickSource } from "../../interactions/source.ts";
import { type Check, check } from "../balance.ts";
import type { Run } from "../run.ts";
import { runLines } from "./feature-lines.ts";
import { type FeatureRun, runFeatures, runFeaturesIfAny } from "./feature-run.ts";

const DAY = 86_400_000;
/** A year of days in turn would take hours: a source with more is computed at once only. */
const MOST_DAILY = 100;

/** What the runs over a published clickstream were. */
export interface FolderFeatures {
  readonly imported: Imported;
  /** Each day that has interactions in its turn; none where there are too many. */
  readonly daily: readonly FeatureRun[];
  readonly weekly: FeatureRun;
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
  const daily: FeatureRun[] = [];
  for (const day of days.length <= MOST_DAILY ? days : []) {
    await upload(run, directory, (key) => key.startsWith(`interactions/${partition(day)}`));
    const ended = await runFeaturesIfAny(run, { mode: "daily", scheduled_at: `${after(day)}T05:00:00Z` });
    if (ended === undefined) {
      screen.line(`  daily-${day}: no interactions on this day, what is current stays so`);
      continue;
    }
    daily.push(ended);
    for (const said of runLines(ended)) screen.line(said);
  }
  if (daily.length === 0) await upload(run, directory, (key) => key.startsWith("interactions/"));
  const weekly = await runFeatures(run, { mode: "weekly", scheduled_at: `${after(to)}T07:00:00Z` });
  for (const said of runLines(weekly)) screen.line(said);
  const checks = [
    everyLine(weekly, interactions),
    ...(daily.length === 0 ? [] : [await adds(run, daily, weekly)]),
  ];
  return { imported, daily, weekly, checks };
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

/** The interactions' features of all days in turn are those of everything at once, row by row. */
async function adds(run: Run, daily: readonly FeatureRun[], weekly: FeatureRun): Promise<Check> {
  const folder = await mkdtemp(join(run.workDirectory, "increments-"));
  await using session = await openSession({
    memoryMb: 1024,
    threads: 2,
    tempDirectory: join(folder, "spill"),
  });
  const view = async (name: string, runs: readonly FeatureRun[]) => {
    const objects = runs.flatMap(({ manifest }) => manifest.features.interaction.objects);
    const files = await inParallel(objects, async ({ uri }, index) => {
      const file = join(folder, `${name}-${index}.parquet`);
      const { bucket, key } = parseS3Uri(uri);
      await run.store.download(s3Uri(bucket, key), file);
      return text(file);
    });
    await session.run(
      `CREATE VIEW ${name} AS SELECT * FROM read_parquet([${files.join(", ")}], hive_partitioning = false)`,
    );
  };
  await view("increments", daily);
  await view("whole", [weekly]);
  const [found] = await session.rows(`
    SELECT (SELECT count(*) FROM whole) AS rows,
      (SELECT count(*) FROM (FROM increments EXCEPT ALL FROM whole)) AS more,
      (SELECT count(*) FROM (FROM whole EXCEPT ALL FROM increments)) AS less`);
  const [more, less] = [Number(found?.more), Number(found?.less)];
  return check(
    "the days add up to the whole",
    more + less === 0
      ? []
      : [`${more} rows of the days are not in the whole, ${less} of the whole in no day`],
    `${Number(found?.rows)} interactions have the same features, row by row, from ${daily.length} daily runs as from the weekly one`,
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
